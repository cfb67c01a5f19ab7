/** Changes expressions within the JSON syntax, and leaves texts as they are. */
import { templateParts } from "./template";

/** Arguments whose strings are addresses. */
const bareArguments = ["depends_on", "replace_triggered_by", "ignore_changes", "from", "to", "provider", "providers"];

/** @param change of an expression's text */
export function rewritten(value: unknown, change: (expression: string) => string, isBare = false): unknown {
  if (typeof value === "string") {
    if (isBare && !value.includes("${")) return change(value);
    return templateParts(value)
      .map(({ kind, text }) => (kind === "text" ? text : kind === "directive" ? change(text) : `\${${change(text)}}`))
      .join("");
  }
  if (Array.isArray(value)) return value.map((one) => rewritten(one, change, isBare));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === "//" ? [key, inner] : [key, rewritten(inner, change, isBare || bareArguments.includes(key))],
    ),
  );
}

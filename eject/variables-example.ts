/** An example of a `terraform.tfvars`: what has to be set, what can be, and what better comes from elsewhere. */

import { isObject, type Json, objects } from "../terraform/hcl/resource";
import { bare, valueText } from "../terraform/hcl/value";

/** A value of a type, from the rule's own example where it has one. */
function example(json: Json): string {
  const [, named] =
    /such as "([^"]+)"/.exec(
      objects(json.validation)
        .map((one) => String(one.error_message))
        .join(" "),
    ) ?? [];
  const type = bare(typeof json.type === "string" ? json.type : "string");
  if (type === "number") return "1";
  if (type === "bool") return "false";
  if (/^(list|set|tuple)\b/.test(type)) return "[]";
  if (/^(map|object)\b/.test(type)) return "{}";
  return JSON.stringify(named ?? "CHANGE-ME");
}

export function variablesExample(variables: Json): string {
  const all = Object.entries(variables).flatMap(([name, json]) => (isObject(json) ? [{ name, json }] : []));
  const lines = (of: typeof all, text: (one: (typeof all)[number]) => string) =>
    of.map((one) => {
      const description = typeof one.json.description === "string" ? `# ${one.json.description}\n` : "";
      return `${description}${text(one)}`;
    });
  const secret = all.filter(({ json }) => json.sensitive === true);
  const open = all.filter(({ json }) => json.sensitive !== true);
  const paragraphs = [
    "# Copy this file to terraform.tfvars, which git leaves out here, and fill it in.",
    ...lines(
      open.filter(({ json }) => !("default" in json)),
      ({ name, json }) => `${name} = ${example(json)}`,
    ),
    ...(secret.length === 0
      ? []
      : ["# Secrets: keep them out of files, and set TF_VAR_NAME in the environment instead."]),
    ...lines(secret, ({ name }) => `# ${name} = "…"`),
    ...lines(
      open.filter(({ json }) => "default" in json),
      ({ name, json }) =>
        `# ${name} = ${valueText(json.default ?? "…", { indent: "", column: name.length + 5, literal: true }).replaceAll("\n", "\n# ")}`,
    ),
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

/** Changes of tags, one by one: a plan tells of all at once where none are left. */
import type { AttributeChange } from "../../terraform/plan-changes";

export function byTag(attributes: readonly AttributeChange[]): AttributeChange[] {
  return attributes.flatMap((attribute) => {
    const { keys, before, after } = attribute;
    const isWhole = keys.length === 1 && (keys[0] === "tags" || keys[0] === "tags_all");
    const [tags, others] = [before, after].map((value) =>
      typeof value === "object" && value !== null ? value : undefined,
    );
    if (!isWhole || typeof before === "string" || typeof after === "string" || (tags ?? others) === undefined)
      return [attribute];
    const names = [...new Set([...Object.keys(tags ?? {}), ...Object.keys(others ?? {})])];
    return names.map((name) => ({
      path: `${keys[0]}.${name}`,
      keys: [...keys, name],
      before: tags?.[name as never] ?? null,
      after: others?.[name as never] ?? null,
    }));
  });
}

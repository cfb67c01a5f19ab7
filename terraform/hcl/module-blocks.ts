/** What goes into a module and comes out of it, and the call of another: `variable`, `output`, `module`. */
import { attribute, type Block, block, type Item } from "./body";
import { bareNames, conditions, given, type Json, objects, present, resourceBlock } from "./resource";
import { argumentsOnly } from "./shape";

export function variableBlock(name: string, json: Json): Block {
  return block(
    "variable",
    [name],
    [
      ...given(json, ["description"], "text"),
      ...(present(json.type) ? [attribute("type", `\${${bareNames(json.type)}}`)] : []),
      // Null is a value here: the variable need not be set.
      ...("default" in json ? [attribute("default", json.default, "text")] : []),
      ...given(json, ["sensitive", "nullable", "ephemeral"]),
      ...conditions("validation", json.validation),
    ],
  );
}

export function outputBlock(name: string, json: Json): Block {
  return block(
    "output",
    [name],
    [
      ...given(json, ["description"], "text"),
      attribute("value", json.value),
      ...given(json, ["sensitive", "ephemeral"]),
      ...given(json, ["depends_on"], "bare"),
      ...conditions("precondition", json.precondition),
    ],
  );
}

export function moduleBlock(name: string, json: Json): Block {
  const { source, version, for_each, count, providers, depends_on, "//": comment, ...inputs } = json;
  const path = resourceBlock("", "", "", { "//": comment }, argumentsOnly).comment;
  const all: Item[] = [
    ...given({ source, version }, ["source", "version"], "text"),
    ...given({ for_each, count }, ["for_each", "count"]),
    ...providersOf(providers),
  ];
  const last = all.at(-1);
  const head = last?.kind === "attribute" ? [...all.slice(0, -1), { ...last, isHead: true }] : all;
  return block(
    "module",
    [name],
    [
      ...head,
      // Null is a value here: it takes the place of a default.
      ...Object.entries(inputs).map(([input, value], at, { length }) => ({
        ...attribute(input, value),
        isHead: at === length - 1,
      })),
      ...given({ depends_on }, ["depends_on"], "bare"),
    ],
    path,
  );
}

function providersOf(providers: unknown): Item[] {
  const members = objects(providers).flatMap((one) =>
    Object.entries(one).map(([name, value]) => `${name} = ${bareNames(value)}`),
  );
  return members.length === 0
    ? []
    : [attribute("providers", `{\n${members.map((m) => `    ${m}`).join("\n")}\n  }`, "bare")];
}

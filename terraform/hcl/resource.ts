/** Resources, data sources and providers of the JSON syntax as blocks. */
import { attribute, type Block, block, type Item } from "./body";
import type { Member, Shape } from "./shape";
import { argumentsOnly } from "./shape";
import { bare } from "./value";

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A block, or the blocks of a list, as the JSON syntax has either. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.flatMap(objects) : isObject(value) ? [value] : [];
}

/** Addresses, traversals and keywords, which the JSON syntax has in strings. */
export function bareNames(value: unknown): unknown {
  return Array.isArray(value) ? value.map((one) => bare(String(one))) : bare(String(value));
}

/** What a member is where the shape doesn't say: objects in a list are blocks. */
function guessed(name: string, value: unknown): Member {
  const areBlocks =
    (name === "timeouts" && isObject(value)) || (Array.isArray(value) && value.length > 0 && value.every(isObject));
  return areBlocks ? { kind: "block", shape: argumentsOnly, labelled: false } : { kind: "argument", required: false };
}

function asBlocks(name: string, value: unknown, member: Member): Block[] | undefined {
  if (member.kind === "argument") return undefined;
  const { shape } = member;
  if (member.kind === "block" && member.labelled) {
    return objects(value).flatMap((labelled) =>
      Object.entries(labelled).flatMap(([label, body]) =>
        objects(body).map((one) => block(name, [label], bodyItems(one, shape))),
      ),
    );
  }
  const all = Array.isArray(value) ? value : [value];
  // A list with an expression in it, or with nothing, can only be an argument's value.
  const isArgument = member.kind === "block argument" && (all.length === 0 || !all.every(isObject));
  return isArgument ? undefined : objects(value).map((one) => block(name, [], bodyItems(one, shape)));
}

/** Arguments with the required ones first, then blocks; each in the order of the schema, which is that of the alphabet. */
export function bodyItems(json: Json, shape: Shape): Item[] {
  const required: Item[] = [];
  const optional: Item[] = [];
  const blocks: Item[] = [];
  const names = Object.keys(json).filter((name) => name !== "//" && name !== "dynamic");
  for (const name of names.sort()) {
    const value = json[name];
    if (value === null || value === undefined) continue;
    const member = shape.member(name) ?? guessed(name, value);
    const own = asBlocks(name, value, member);
    if (own !== undefined) blocks.push(...own);
    else if (member.kind === "argument" && member.required) required.push(attribute(name, value));
    else optional.push(attribute(name, value));
  }
  return [...required, ...optional, ...blocks, ...dynamicBlocks(json.dynamic, shape)];
}

function dynamicBlocks(dynamic: unknown, shape: Shape): Block[] {
  return objects(dynamic).flatMap((one) =>
    Object.entries(one).flatMap(([name, value]) =>
      objects(value).map(({ for_each, iterator, labels, content }) => {
        const member = shape.member(name);
        const inner = member === undefined || member.kind === "argument" ? argumentsOnly : member.shape;
        return block(
          "dynamic",
          [name],
          [
            { ...attribute("for_each", for_each), isHead: true },
            ...(iterator === undefined ? [] : [attribute("iterator", bareNames(iterator), "bare")]),
            ...(labels === undefined ? [] : [attribute("labels", labels)]),
            ...objects(content).map((body) => block("content", [], bodyItems(body, inner))),
          ],
        );
      }),
    ),
  );
}

export const present = (value: unknown) => value !== undefined && value !== null;

/** Arguments by name, where they are given. */
export function given(json: Json, names: readonly string[], as?: "text" | "bare"): Item[] {
  return names.flatMap((name) =>
    present(json[name]) ? [attribute(name, as === "bare" ? bareNames(json[name]) : json[name], as)] : [],
  );
}

/** Conditions with their messages, in that order. */
export function conditions(type: string, value: unknown): Block[] {
  return objects(value).map(({ condition, error_message }) =>
    block(type, [], [attribute("condition", condition), attribute("error_message", error_message)]),
  );
}

function lifecycleBlocks(value: unknown): Block[] {
  return objects(value).map((json) => {
    const { precondition, postcondition, ignore_changes, replace_triggered_by, "//": _, ...others } = json;
    const names = { ignore_changes, replace_triggered_by };
    return block(
      "lifecycle",
      [],
      [
        ...Object.entries(others).flatMap(([name, one]) => (one === null ? [] : [attribute(name, one)])),
        ...Object.entries(names).flatMap(([name, one]) =>
          one === undefined || one === null ? [] : [attribute(name, bareNames(one), "bare")],
        ),
        ...conditions("precondition", precondition),
        ...conditions("postcondition", postcondition),
      ],
    );
  });
}

function connections(value: unknown): Block[] {
  return objects(value).map((json) => block("connection", [], bodyItems(json, argumentsOnly)));
}

export function provisioners(value: unknown): Block[] {
  return objects(value).flatMap((one) =>
    Object.entries(one).flatMap(([type, bodies]) =>
      type === "//"
        ? []
        : objects(bodies).map(({ when, on_failure, connection, ...rest }) =>
            block(
              "provisioner",
              [type],
              [
                ...Object.entries({ when, on_failure }).flatMap(([name, word]) =>
                  word === undefined || word === null ? [] : [attribute(name, bareNames(word), "bare")],
                ),
                ...bodyItems(rest, argumentsOnly),
                ...connections(connection),
              ],
            ),
          ),
    ),
  );
}

/** Where a construct says where it comes from. */
function constructPath(json: Json): string | undefined {
  const { metadata } = isObject(json["//"]) ? json["//"] : {};
  const { path } = isObject(metadata) ? metadata : {};
  return typeof path === "string" ? path : undefined;
}

/** A `resource`, `data` or `ephemeral` block. */
export function resourceBlock(section: string, type: string, name: string, json: Json, shape: Shape): Block {
  const { for_each, count, provider, depends_on, lifecycle, provisioner, connection, ...own } = json;
  const head: Item[] = [
    ...Object.entries({ for_each, count }).flatMap(([each, value]) =>
      value === undefined || value === null ? [] : [{ ...attribute(each, value), isHead: provider === undefined }],
    ),
    ...(provider === undefined ? [] : [{ ...attribute("provider", bareNames(provider), "bare"), isHead: true }]),
  ];
  return block(
    section,
    [type, name],
    [
      ...head,
      ...bodyItems(own, shape),
      ...connections(connection),
      ...provisioners(provisioner),
      ...lifecycleBlocks(lifecycle),
      ...(depends_on === undefined ? [] : [attribute("depends_on", bareNames(depends_on), "bare")]),
    ],
    constructPath(json),
  );
}

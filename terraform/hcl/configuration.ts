/** A whole configuration of the JSON syntax as blocks of HCL. */
import { attribute, type Block, block } from "./body";
import { moduleBlock, outputBlock, variableBlock } from "./module-blocks";
import { bodyItems, conditions, given, isObject, type Json, objects, provisioners, resourceBlock } from "./resource";
import { argumentsOnly, type Shapes } from "./shape";
import { terraformBlock } from "./terraform-block";

/** A block of the top level, and what it is, for whoever puts it into a file. */
export interface TopBlock {
  /** `resource`, `data`, `variable`, … */
  readonly section: string;
  readonly type: string;
  readonly name: string;
  readonly block: Block;
}

function providerBlocks(providers: Json, required: Json, shapes: Shapes): TopBlock[] {
  return Object.entries(providers).flatMap(([name, value]) =>
    objects(value).map((json, at) => {
      const { alias, version, ...rest } = json;
      const source = isObject(required[name]) ? required[name].source : undefined;
      const shape = shapes.provider(name, typeof source === "string" ? source : undefined, at);
      const head = given({ alias, version }, ["alias", "version"], "text");
      return {
        section: "provider",
        type: name,
        name: typeof alias === "string" ? alias : "",
        block: block("provider", [name], [...head, ...bodyItems(rest, shape)]),
      };
    }),
  );
}

/** `moved`, `import` and `removed`: from here to there. */
function moveBlock(section: string, json: Json): Block {
  const { from, to, provider, for_each, lifecycle, provisioner, "//": _, ...others } = json;
  return block(
    section,
    [],
    [
      ...given({ for_each }, ["for_each"]),
      ...given({ from, to, provider }, ["from", "to", "provider"], "bare"),
      ...Object.entries(others).map(([name, value]) => attribute(name, value)),
      ...objects(lifecycle).map((one) => block("lifecycle", [], bodyItems(one, argumentsOnly))),
      ...provisioners(provisioner),
    ],
  );
}

function checkBlock(name: string, json: Json, shapes: Shapes): Block {
  const data = objects(json.data).flatMap((byType) =>
    Object.entries(byType).flatMap(([type, byName]) =>
      objects(byName).flatMap((all) =>
        Object.entries(all).map(([inner, body]) =>
          resourceBlock("data", type, inner, body as Json, shapes.data(type, inner)),
        ),
      ),
    ),
  );
  return block("check", [name], [...data, ...conditions("assert", json.assert)]);
}

const known = [
  ...["terraform", "provider", "variable", "locals", "data", "ephemeral", "resource", "module", "output"],
  ...["moved", "import", "removed", "check"],
];

/** @returns names of sections that can't be written */
export function unknownSections(json: Json): string[] {
  return Object.keys(json).filter((name) => name !== "//" && !known.includes(name));
}

/** In the order of the sections above. */
export function configurationBlocks(json: Json, shapes: Shapes): TopBlock[] {
  const named = (section: string): [string, Json][] =>
    objects(json[section]).flatMap((one) =>
      Object.entries(one).flatMap(([name, value]) =>
        name === "//" ? [] : objects(value).map((body): [string, Json] => [name, body]),
      ),
    );
  const single = (section: string, make: (name: string, body: Json) => Block): TopBlock[] =>
    named(section).map(([name, body]) => ({ section, type: section, name, block: make(name, body) }));
  const typed = (section: "data" | "resource" | "ephemeral"): TopBlock[] =>
    named(section).flatMap(([type, byName]) =>
      Object.entries(byName).flatMap(([name, value]) =>
        objects(value).map((body) => ({
          section,
          type,
          name,
          block: resourceBlock(section, type, name, body, shapes[section](type, name)),
        })),
      ),
    );
  const moves = (section: string): TopBlock[] =>
    objects(json[section]).map((one) => ({ section, type: section, name: "", block: moveBlock(section, one) }));
  const settings = objects(json.terraform).filter((one) => Object.keys(one).length > 0);
  const required = Object.assign({}, ...settings.flatMap((one) => objects(one.required_providers))) as Json;
  const locals = objects(json.locals).flatMap((one) => Object.entries(one).filter(([name]) => name !== "//"));
  return [
    ...settings.map((one) => ({ section: "terraform", type: "terraform", name: "", block: terraformBlock(one) })),
    ...objects(json.provider).flatMap((one) => providerBlocks(one, required, shapes)),
    ...single("variable", variableBlock),
    ...(locals.length === 0
      ? []
      : [
          {
            section: "locals",
            type: "locals",
            name: "",
            block: block(
              "locals",
              [],
              locals.map(([name, value]) => attribute(name, value)),
            ),
          },
        ]),
    ...typed("data"),
    ...typed("ephemeral"),
    ...typed("resource"),
    ...single("module", moduleBlock),
    ...moves("moved"),
    ...moves("import"),
    ...moves("removed"),
    ...single("check", (name, body) => checkBlock(name, body, shapes)),
    ...single("output", outputBlock),
  ];
}

/** What the typed bindings take: a class, and the types of its properties. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { project } from "../../lib/project";

export interface TypedBinding {
  readonly className: string;
  readonly module: string;
  /** By the name of an interface: its properties with their types. */
  readonly interfaces: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Properties that the configuration must have. */
  readonly required: readonly string[];
  /** Attributes that can be read of it, in TypeScript's names, with their types. */
  readonly getters: ReadonlyMap<string, string>;
}

export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** @returns undefined for what neither cdktf nor the AWS bindings have */
export function typedBinding(type: string, mode: "managed" | "data"): TypedBinding | undefined {
  if (type === "terraform_data") {
    // Any value by their types; cdktf makes a map of a list, and of a number.
    const properties = new Map(["input", "triggersReplace"].map((name) => [name, "{ [key: string]: any }"]));
    const interfaces = new Map([["DataResourceConfig", properties]]);
    const getters = new Map([["id", "string"]]);
    return { className: "DataResource", module: "cdktf", interfaces, required: [], getters };
  }
  if (!type.startsWith("aws_")) return undefined;
  const folder = `${mode === "data" ? "data-aws-" : ""}${type.slice("aws_".length).replaceAll("_", "-")}`;
  const root = dirname(createRequire(join(project, "package.json")).resolve("@cdktf/provider-aws/package.json"));
  const own = join(root, "lib", folder);
  const structs = join(own, "index-structs");
  const files = [
    join(own, "index.d.ts"),
    ...(existsSync(structs) ? readdirSync(structs).filter((name) => /^structs\d+\.d\.ts$/.test(name)) : []).map(
      (name) => join(structs, name),
    ),
  ];
  const text = files
    .filter(existsSync)
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const [, className] =
    /export declare class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider) \{/.exec(text) ?? [];
  if (className === undefined) return undefined;
  const interfaces = new Map(
    [...text.matchAll(/export interface (\w+)[^{]*\{(.*?)\n\}/gs)].map(([, name = "", body = ""]) => [
      name,
      new Map(
        [...body.matchAll(/readonly (\w+)\??: (\{[^}]*\}[^;]*|[^;]+);/g)].map(([, one = "", kind = ""]) => [one, kind]),
      ),
    ]),
  );
  const [, config = ""] = new RegExp(`export interface ${className}Config[^{]*\\{(.*?)\\n\\}`, "s").exec(text) ?? [];
  const required = [...config.matchAll(/readonly (\w+):/g)].map(([, name = ""]) => name);
  const declaration = text.slice(text.indexOf(`export declare class ${className} `));
  const getters = new Map(
    [...declaration.matchAll(/^ {4}get (\w+)\(\): ([^;]+);/gm)].map(([, name = "", kind = ""]) => [name, kind]),
  );
  return { className, module: `@cdktf/provider-aws/lib/${folder}`, interfaces, required, getters };
}

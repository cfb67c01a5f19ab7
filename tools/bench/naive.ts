/** The project as it would be written without its care for speed: what the figures are held against. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Documents by cdktf's own function. */
export function withFnJsonencode(folder: string): void {
  writeFileSync(
    join(folder, "constructs", "terraform", "json-document.ts"),
    'import { Fn } from "cdktf";\n\nexport const jsonDocument = (value: unknown): string => Fn.jsonencode(value);\n',
  );
}

const deepImport = /^import \{ ([^}]+) \} from "@cdktf\/provider-aws\/lib\/([\w-]+)";$/gm;

/** `import { Lb } from ".../lib/lb"` as the cdktf template has it: from the root of the package. */
function fromRoot(_line: string, names: string, library: string): string {
  const namespace = library.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
  const aliases = names.split(",").map((name) => {
    const own = name.replace("type ", "").trim();
    return `import ${own} = ${namespace}.${own};`;
  });
  return [`import { ${namespace} } from "@cdktf/provider-aws";`, ...aliases].join("\n");
}

/** Without tools/run.mjs, nobody says where the project is. */
function withFixedRoot(folder: string): void {
  const file = join(folder, "lib", "project.ts");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/= PROJECT_FOLDER;$/m, `= ${JSON.stringify(folder)};`));
}

/** The imports of the cdktf TypeScript template, and its compiler options. */
export function withRootImports(folder: string): void {
  withFixedRoot(folder);
  for (const name of readdirSync(join(folder, "constructs"), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const file = join(folder, "constructs", name);
    writeFileSync(file, readFileSync(file, "utf8").replace(deepImport, fromRoot));
  }
  const file = join(folder, "tsconfig.json");
  const { compilerOptions, ...rest } = JSON.parse(readFileSync(file, "utf8"));
  const options = { ...compilerOptions, module: "commonjs", moduleResolution: "node" };
  writeFileSync(file, JSON.stringify({ ...rest, compilerOptions: options }));
}

/** Drafts a team's additions: a construct with what a hand-written module has and no stack declares. */
import { idExpression } from "../../constructs/terraform/addressed-stack";
import { camelCase, type TypedBinding, typedBinding } from "./bindings";
import { type Construction, local, module, output, type Place, resource, type Scope, variable } from "./constructions";
import type { Item } from "./item";
import { awsProvider, otherProvider } from "./providers";
import { referencesOf } from "./source";
import { takenNames } from "./taken-names";
import type { Accessor } from "./typescript";

export interface DraftInput {
  readonly stack: "network" | "app";
  /** Their expressions are those that this stack can evaluate. */
  readonly items: readonly Item[];
  /** TypeScript of what the stack makes, by address. */
  readonly accessors: ReadonlyMap<string, string>;
  /** Where modules lie in the stack's folder, by their source. */
  readonly moduleSources: ReadonlyMap<string, string>;
  /** Whether the module's files are needed in the stack's folder. */
  readonly hasFiles: boolean;
  /** What the old module says of the providers that it requires, by name. */
  readonly requiredProviders: ReadonlyMap<string, unknown>;
  readonly className: string;
}

export interface Draft {
  readonly text: string;
  /** Whether the construct takes the stack, beside scope and id. */
  readonly takesStack: boolean;
}

/** Each after what it refers to. */
function ordered(items: readonly Item[]): Item[] {
  const byAddress = new Map(items.map((item) => [item.address, item]));
  const done = new Set<string>();
  const result: Item[] = [];
  const visit = (item: Item) => {
    if (done.has(item.address)) return;
    done.add(item.address);
    for (const reference of referencesOf(item.body)) {
      const other = byAddress.get(reference);
      if (other !== undefined) visit(other);
    }
    result.push(item);
  };
  for (const item of items) if (item.kind === "provider") visit(item);
  for (const item of items) visit(item);
  return result;
}

interface Constant {
  readonly code: string;
  readonly binding?: TypedBinding;
  readonly isSingle: boolean;
  readonly construction: Construction;
}

const structureId = (code: string) => code.charAt(0).toUpperCase() + code.slice(1);

/** Attributes that are worth anything in another expression. */
const simpleTypes = ["string", "number", "string[]", "number[]", "cdktf.IResolvable"];

class Drafting implements Scope {
  private readonly imports = new Map<string, Set<string>>();
  private readonly constants = new Map<string, Constant>();
  private readonly names = new Set(takenNames);
  private readonly ids = new Set<string>();
  /** Addresses that other code reads. */
  private readonly used = new Set<string>();
  private takesStack = false;

  constructor(private readonly input: DraftInput) {}

  readonly need = (name: string, from: string): void => {
    this.imports.set(from, (this.imports.get(from) ?? new Set()).add(name));
  };

  /** Ids are unique among siblings, and Terraform's names within a type: the second of a name is in a construct of its own. */
  private place(name: string, code: string): Place {
    const id = idExpression(name);
    if (id.startsWith("terraformName")) this.need("terraformName", "../constructs/terraform/addressed-stack");
    const isFree = !this.ids.has(name);
    this.ids.add(name);
    return { at: isFree ? "this" : `new Construct(this, "${structureId(code)}")`, id };
  }

  readonly moduleSource = (source: string): string => this.input.moduleSources.get(source) ?? source;

  readonly isMade = (address: string): boolean => this.constants.has(address) || this.input.accessors.has(address);

  readonly construct = (address: string): string => {
    const own = this.constants.get(address);
    if (own === undefined) this.takesStack = true;
    else this.used.add(address);
    return own?.code ?? this.input.accessors.get(address) ?? "";
  };

  readonly accessor = (expression: string): Accessor | undefined => {
    const [, address = "", attribute = ""] =
      /^((?:data\.)?[a-z]\w*_\w+\.[\p{L}_][\p{L}\d_-]*|(?:var|local)\.[\p{L}_][\p{L}\d_-]*)(?:\.(\w+))?$/u.exec(
        expression.trim(),
      ) ?? [];
    const own = this.constants.get(address);
    if (!this.isMade(address) || own?.isSingle === false) return undefined;
    const get = (property: string, type: string) => ({ code: () => `${this.construct(address)}.${property}`, type });
    if (address.startsWith("var.")) return attribute === "" ? get("stringValue", "string") : undefined;
    if (address.startsWith("local.")) return attribute === "" ? get("asString", "string") : undefined;
    const [type = ""] = address.replace(/^data\./, "").split(".");
    const binding = own?.binding ?? typedBinding(type, address.startsWith("data.") ? "data" : "managed");
    const kind = binding?.getters.get(camelCase(attribute)) ?? "";
    return simpleTypes.includes(kind) ? get(camelCase(attribute), kind) : undefined;
  };

  private constant(name: string, type: string): string {
    const base = camelCase(name.replace(/[^A-Za-z0-9]+/g, "_")).replace(/^(\d|$)/, "_$1");
    const simple = base.charAt(0).toLowerCase() + base.slice(1);
    let free = simple;
    if (this.names.has(free)) free = camelCase(`${simple}_${type.replace(/^aws_/, "")}`);
    for (let count = 2; this.names.has(free); count += 1) free = `${simple}${count}`;
    this.names.add(free);
    return free;
  }

  add(item: Item): void {
    const code = this.constant(item.name || item.type, item.type === item.kind ? item.kind : item.type);
    const construction = this.construction(item, code);
    const { binding, isSingle = true } = construction;
    this.constants.set(item.address, { code, binding, isSingle, construction });
  }

  private construction(item: Item, code: string): Construction {
    if (item.kind === "provider") {
      return item.type === "aws"
        ? awsProvider(item, structureId(code), this)
        : otherProvider(item, this.input.requiredProviders.get(item.type), this);
    }
    const make = { var: variable, local, output, module, managed: resource, data: resource }[item.kind];
    return make(item, this.place(item.name, code), this);
  }

  private statements(): string[] {
    const files = this.input.hasFiles ? ['new ModuleFiles(this, "Files", join(project, "additions", "files"));'] : [];
    if (this.input.hasFiles) {
      this.need("join", "node:path");
      this.need("project", "../lib/project");
      this.need("ModuleFiles", "../constructs/terraform/module-files");
    }
    const made = [...this.constants].flatMap(
      ([
        address,
        {
          code,
          construction: { creation, overrides },
        },
      ]) => {
        const isNamed = this.used.has(address) || overrides.length > 0;
        const created = creation === undefined ? [] : [`${isNamed ? `const ${code} = ` : ""}${creation};`];
        return [...created, ...overrides.map((one) => `${creation === undefined ? "" : code}${one};`)];
      },
    );
    return [...files, ...made];
  }

  draft(): Draft {
    const { stack, className } = this.input;
    const code = this.statements().join("\n    ");
    this.need("Construct", "constructs");
    const type = stack === "app" ? "AppStack" : "NetworkStack";
    const lines = [...this.imports]
      .sort(([a], [b]) => Number(a.startsWith(".")) - Number(b.startsWith(".")) || (a < b ? -1 : 1))
      .map(([from, names]) => `import { ${[...names].sort().join(", ")} } from "${from}";`);
    const { takesStack } = this;
    if (takesStack) lines.push(`import type { ${type} } from "../stacks/${stack}";`);
    return {
      takesStack,
      text: `${lines.join("\n")}

/** What our module has beside the project's own: drafted by \`bin/state/check --write-additions\`. Change it as you like. */
export class ${className} extends Construct {
  constructor(scope: Construct, id: string${takesStack ? `, ${stack}: ${type}` : ""}) {
    super(scope, id);
    ${code}
  }
}
`,
    };
  }
}

export function draft(input: DraftInput): Draft {
  const whole = new Drafting(input);
  for (const item of ordered(input.items)) whole.add(item);
  return whole.draft();
}

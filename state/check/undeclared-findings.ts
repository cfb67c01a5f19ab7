/** What the state manages and no stack declares. */
import { idExpression } from "../../constructs/terraform/addressed-stack";
import type { PlannedChange } from "../../terraform/plan";
import { toolName } from "../../terraform/tool";
import type { StateDocument, StateResource } from "../document";
import { managedInstances, resourceAddress } from "../inventory";
import type { AddressOwners } from "../split-state";
import { bindingOf, idImports } from "./additions-advice";
import { blockOf, type Finding, type FindingContext, finding, type Plans, reason } from "./finding";
import { type StateAccess, stateCommand } from "./state-command";
import { transientBlock } from "./transient-findings";

/** The provider configuration that the stacks have; objects of others can't be planned here. */
export const ownProvider = /^provider\["registry\.(terraform\.io|opentofu\.org)\/hashicorp\/aws"\]$/;

/** Terraform's own, which needs no configuration. */
export const builtinProvider = /^provider\["terraform\.io\/builtin\/terraform"\]/;

/** Types behind which there is nothing but a line in the state. */
const holdNothing = /^(terraform_data|null_resource|time_(sleep|static|offset|rotating))$/;

export function undeclaredInstances(whole: StateDocument, owners: AddressOwners) {
  return managedInstances(whole).filter(({ resource }) => owners.ownerOf(resource) === undefined);
}

export function undeclaredFindings(
  whole: StateDocument,
  owners: AddressOwners,
  plans: Plans,
  access: StateAccess,
  context: FindingContext,
): Finding[] {
  const planned = new Map((plans.app?.resource_changes ?? []).map((change) => [change.address, change]));
  const first = new Map<string, string>();
  const scopes = new Scopes();
  const ended = new Set(
    (plans.old?.resource_changes ?? [])
      .filter(({ change }) => change.actions.join() === "delete")
      .map(({ address }) => address),
  );
  return undeclaredInstances(whole, owners).map(({ resource, address }) => {
    if (ended.has(address)) {
      return finding(context, {
        kind: "undeclared",
        address,
        consequence: "the old module's own plan would destroy it",
        where: "the old module: apply it first, or declare it there again",
        oldModule: transientBlock(context, "forget", address) ?? blockOf(address, context),
      });
    }
    const change = planned.get(address);
    const isForeign = !isPlannable(resource);
    // The other instances of a block, or objects of a module, come and go with the first.
    const block = resource.module === undefined ? resourceAddress(resource) : moduleOf(resource);
    const because = first.get(block) ?? null;
    if (because === null) first.set(block, address);
    const name = resource.module === undefined ? resource.name : moduleOf(resource).slice("module.".length);
    return finding(context, {
      kind: "undeclared",
      address,
      consequence: isForeign
        ? `no plan is possible: no stack has ${resource.provider}`
        : `${toolName()} would ${change === undefined ? "destroy it" : verb(change)}${reason(change)}`,
      because,
      ...(because === null &&
        undeclaredAdvice(resource, address, isForeign, scopes.of(resource.type, name), access, context)),
    });
  });
}

export function isPlannable({ provider }: StateResource): boolean {
  return ownProvider.test(provider) || builtinProvider.test(provider);
}

function moduleOf({ module = "" }: StateResource): string {
  return module.split(/[.[]/, 2).join(".");
}

function undeclaredAdvice(
  resource: StateResource,
  address: string,
  isForeign: boolean,
  scope: string,
  access: StateAccess,
  context: FindingContext,
): Pick<Finding, "where" | "lines" | "detail" | "oldModule"> & Partial<Pick<Finding, "imports">> {
  const { type, name, provider } = resource;
  const block = blockOf(address, context);
  const addition = "additions/network.ts or additions/app.ts";
  if (resource.module !== undefined) {
    const module = moduleOf(resource).slice("module.".length);
    const call = context.source.find("module", module)[0];
    const source = call?.attributes.get("source")?.constant;
    const lines = [
      `new TerraformHclModule(${scope}, ${idExpression(module)}, { source: ${typeof source === "string" ? JSON.stringify(source) : "…"}, … });`,
    ];
    return {
      where: `the module in ${addition}, with the id ${idExpression(module)}`,
      lines,
      imports: [`import { TerraformHclModule } from "cdktf";`, ...idImports(module)],
      detail: "",
      oldModule: call === undefined ? block : `${call.file}:${call.line}`,
    };
  }
  if (holdNothing.test(type)) {
    return {
      where: "the old state: nothing in AWS stands behind it",
      lines: [stateCommand(access, "rm", resourceAddress(resource))],
      detail: "",
      oldModule: block,
    };
  }
  const binding = bindingOf(type);
  const alias = /\]\.([\w-]+)$/.exec(provider)?.[1];
  const lines =
    binding === undefined
      ? []
      : [
          `new ${binding.className}(${scope}, ${idExpression(name)}, { … });  // the arguments of ${block ?? "the old module"}`,
        ];
  return {
    where: `${addition}, with the id ${idExpression(name)}${isForeign ? (alias === undefined ? ", and its provider" : `, and its provider with the alias ${alias}`) : ""}`,
    lines,
    imports:
      binding === undefined ? [] : [`import { ${binding.className} } from "${binding.module}";`, ...idImports(name)],
    detail: "",
    oldModule: block,
  };
}

function verb({ change: { actions } }: PlannedChange): string {
  const words: Readonly<Record<string, string>> = {
    "no-op": "leave it",
    create: "create it",
    read: "read it",
    update: "update it in place",
    delete: "destroy it",
    forget: "forget it",
  };
  return actions.length === 2
    ? "replace it"
    : (words[actions[0] ?? ""] ?? `do something else with it (${actions.join(", ")})`);
}

/** Scopes for names: two constructs in one can't have the same, while resources of two types can. */
class Scopes {
  private readonly taken = new Set<string>();

  /** The expression of one; what it needs, each file in `additions/` has. */
  of(type: string, name: string): string {
    if (!this.taken.has(name)) {
      this.taken.add(name);
      return "this";
    }
    // In PascalCase, an id leaves no trace in the address.
    const words = `${type}_${name}`.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const id = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    return `new Construct(this, ${JSON.stringify(id)})`;
  }
}

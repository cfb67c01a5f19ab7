import {
  TerraformDataSource,
  TerraformElement,
  TerraformLocal,
  TerraformModule,
  TerraformOutput,
  TerraformRemoteState,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
} from "cdktf";
import type { Construct, IConstruct, Node } from "constructs";
import { shown, UserError } from "../../lib/user-error";

/** One address that a stack claims, and who claims it. */
export interface Claim {
  /** Id of the stack, and so of the state. */
  readonly stack: string;
  /** Without instance keys: `aws_ecr_repository.repo`, `data.aws_vpc.default`, `var.db_password`, `output.cluster_name`. */
  readonly address: string;
  readonly kind: "managed" | "data" | "module" | "variable" | "local" | "output";
  /** Where it was made: `network/cruddur/Certificate`. */
  readonly constructPath: string;
  /** Class of the construct around it, which leads to its source file (`source-files.ts`). */
  readonly ownerClass: string;
}

const snakeCase = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const pascalCase = /^[A-Z][A-Za-z0-9]*$/;
/** https://developer.hashicorp.com/terraform/language/syntax/configuration#identifiers, as HCL's scanner reads it. */
const identifier = String.raw`[\p{ID_Start}_][\p{ID_Continue}-]*`;
const legalName = new RegExp(`^${identifier}$`, "u");
/** In quotes, which no other id can have. */
const keptName = new RegExp(`^"(${identifier})"$`, "u");

/**
 * A construct id for any legal Terraform name, such as one that a state has already: `terraformName("ServiceSG-tf")`. A
 * snake_case name is its own id and needs no call.
 * @throws UserError for what Terraform takes for no name
 */
export function terraformName(name: string): string {
  if (!legalName.test(name)) {
    throw new UserError(
      `terraformName got ${shown(name)}, which is no Terraform name: give letters, digits, _ and -, beginning with a letter or _.`,
    );
  }
  return snakeCase.test(name) ? name : `"${name}"`;
}

/** How a construct id that gives this Terraform name is written in TypeScript: `"alb_sg"`, `terraformName("ServiceSG-tf")`. */
export function idExpression(name: string): string {
  return snakeCase.test(name) ? `"${name}"` : `terraformName("${name}")`;
}

/** The Terraform name that an id gives. @returns undefined for the id of structure, and for one that breaks the rule */
export function nameOf(id: string): string | undefined {
  return snakeCase.test(id) ? id : keptName.exec(id)?.[1];
}

/**
 * A stack in which a construct's id decides the Terraform name of what it makes, so that addresses stay what a state
 * already has.
 *
 * The rule: `PascalCase` ids are structure and leave no trace; `snake_case` ids are Terraform names, and so is any other
 * name in `terraformName("…")`. An element takes the last name on its path, its own included:
 *
 *     network                                  the stack; not part of the rule
 *     └── cruddur          (DnsCertificate)
 *         ├── Certificate  → aws_acm_certificate.cruddur
 *         ├── Records      → aws_route53_record.cruddur
 *         └── Validation   → aws_acm_certificate_validation.cruddur
 *
 * Construct ids must be unique among siblings while Terraform names need to be so only within a type; that is why the
 * path can't simply be the address. Elements of one type and name would be merged by cdktf without a word, so
 * synthesizing refuses them, as it refuses an element without a name and one managed address in two stacks.
 */
export class AddressedStack extends TerraformStack {
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const elementNode = TerraformElement.isTerraformElement(element) ? element.node : element;
    const path = elementNode.scopes.slice(elementNode.scopes.indexOf(this) + 1);
    for (const { node } of path) {
      if (pascalCase.test(node.id) || nameOf(node.id) !== undefined) continue;
      throw new UserError(
        `The construct id "${node.id}" (${elementNode.path}) is neither PascalCase (structure) nor snake_case (a Terraform name): rename it${orKept(node.id)}.`,
      );
    }
    const name = path.map(({ node }) => nameOf(node.id)).findLast((found) => found !== undefined);
    if (name !== undefined) return name;
    throw new UserError(
      `The construct ${elementNode.path} has no Terraform name: give it or a construct around it a snake_case id${orKept(elementNode.id)}.`,
    );
  }

  /** Every address of this stack, in the order in which its elements were made. */
  claims(): Claim[] {
    return this.node
      .findAll()
      .filter((construct): construct is TerraformElement => TerraformElement.isTerraformElement(construct))
      .flatMap((element) => claimOf(element, this.node.id) ?? []);
  }

  override toTerraform(): unknown {
    this.refuseCollisions();
    return super.toTerraform();
  }

  /** The same configuration in HCL, for `cdktf synth --hcl`: cdktf 0.21's own text of it corrupts documents. */
  override toHclTerraform(): { hcl: string; metadata: unknown } {
    // What no other synth needs is loaded here.
    const { hclOf } = require("./hcl") as typeof import("./hcl");
    return hclOf(this, this.toTerraform());
  }

  /** A reference into this stack from another one; cdktf would make an output with a generated name of it. */
  override registerOutgoingCrossStackReference(identifier: string): TerraformOutput {
    throw new UserError(
      `Another stack refers to ${identifier} of the stack ${this.node.id}: add an output to ${this.node.id} and read it through the remote state.`,
    );
  }

  private refuseCollisions(): void {
    const claimed = new Map<string, Claim>();
    for (const stack of addressedStacks(this.node.root)) {
      if (stack === this) continue;
      for (const claim of stack.claims()) if (claim.kind === "managed") claimed.set(claim.address, claim);
    }
    for (const claim of this.claims()) {
      const other = claimed.get(claim.address);
      if (other !== undefined) {
        throw new UserError(
          `Both ${other.constructPath} and ${claim.constructPath} claim the address ${claim.address}: rename one of them.`,
        );
      }
      claimed.set(claim.address, claim);
    }
  }
}

function orKept(id: string): string {
  return legalName.test(id) ? `, or write terraformName("${id}") where that is its Terraform name` : "";
}

/** All such stacks below a construct. */
export function addressedStacks(root: IConstruct): AddressedStack[] {
  return root.node.findAll().filter((construct): construct is AddressedStack => construct instanceof AddressedStack);
}

/** The address register: what each stack under `app` claims. */
export function addressRegister(app: Construct): Claim[] {
  return addressedStacks(app).flatMap((stack) => stack.claims());
}

function claimOf(element: TerraformElement, stack: string): Claim | undefined {
  const claim = (kind: Claim["kind"], prefix: string): Claim => ({
    stack,
    address: `${prefix}.${element.friendlyUniqueId}`,
    kind,
    constructPath: element.node.path,
    ownerClass: element.node.scope?.constructor.name ?? "",
  });
  if (TerraformResource.isTerraformResource(element)) return claim("managed", element.terraformResourceType);
  if (TerraformDataSource.isTerraformDataSource(element)) return claim("data", `data.${element.terraformResourceType}`);
  if (element instanceof TerraformRemoteState) return claim("data", "data.terraform_remote_state");
  if (element instanceof TerraformModule) return claim("module", "module");
  if (element instanceof TerraformVariable) return claim("variable", "var");
  if (element instanceof TerraformLocal) return claim("local", "local");
  if (element instanceof TerraformOutput) return claim("output", "output");
  return undefined;
}

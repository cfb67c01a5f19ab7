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
import { UserError } from "../../lib/user-error";

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

/**
 * A stack in which a construct's id decides the Terraform name of what it makes, so that addresses stay what a state
 * already has.
 *
 * The rule: `PascalCase` ids are structure and leave no trace; `snake_case` ids are Terraform names. An element takes the
 * last snake_case id on its path, its own included:
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
      if (snakeCase.test(node.id) || pascalCase.test(node.id)) continue;
      throw new UserError(
        `The construct id "${node.id}" (${elementNode.path}) is neither PascalCase (structure) nor snake_case (a Terraform name): rename it.`,
      );
    }
    const name = path.map(({ node }) => node.id).findLast((id) => snakeCase.test(id));
    if (name !== undefined) return name;
    throw new UserError(
      `The construct ${elementNode.path} has no Terraform name: give it or a construct around it a snake_case id.`,
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

  override toHclTerraform(): { hcl: string; metadata: unknown } {
    this.refuseCollisions();
    return super.toHclTerraform() as { hcl: string; metadata: unknown };
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

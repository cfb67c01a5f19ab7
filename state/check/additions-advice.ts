/** How a resource of the old module is declared in a team's additions. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { idExpression } from "../../constructs/terraform/addressed-stack";
import { project } from "../../lib/project";

export interface Binding {
  /** `SqsQueue` */
  readonly className: string;
  /** `@cdktf/provider-aws/lib/sqs-queue` */
  readonly module: string;
}

/** The class that makes a resource of a type; undefined for what the AWS bindings don't have. */
export function bindingOf(type: string): Binding | undefined {
  if (type === "terraform_data") return { className: "DataResource", module: "cdktf" };
  if (!type.startsWith("aws_")) return undefined;
  const folder = type.slice("aws_".length).replaceAll("_", "-");
  const file = join(
    dirname(createRequire(join(project, "package.json")).resolve("@cdktf/provider-aws/package.json")),
    "lib",
    folder,
    "index.d.ts",
  );
  if (!existsSync(file)) return undefined;
  const declaration =
    /export declare class (\w+) extends cdktf\.TerraformResource \{\s+static readonly tfResourceType = "([a-z0-9_]+)"/;
  const [, className, made] = declaration.exec(readFileSync(file, "utf8")) ?? [];
  return className === undefined || made !== type
    ? undefined
    : { className, module: `@cdktf/provider-aws/lib/${folder}` };
}

/** What a construct id that keeps a Terraform name needs. */
export function idImports(name: string): string[] {
  const isCall = idExpression(name) !== JSON.stringify(name);
  return isCall ? [`import { terraformName } from "../constructs/terraform/addressed-stack";`] : [];
}

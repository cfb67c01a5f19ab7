/**
 * Addresses of provider configurations in states. Before 0.13 a provider had a name and no source; a state of that time names
 * it `provider.aws`, or `provider["registry.terraform.io/-/aws"]` once a newer Terraform has read it, and Terraform asks for
 * `terraform state replace-provider`. https://developer.hashicorp.com/terraform/language/v1.1.x/upgrade-guides/0-13#why-do-i-see-during-init
 */
import { basename } from "node:path";
import { listed } from "../lib/listed";
import { terraformBinary } from "../terraform/tool";

/** What the registry says of the names that were in use: all of HashiCorp's own, and this project's other one. */
const sources: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["archive", "aws", "cloudinit", "consul", "dns", "external", "google", "http", "local", "null", "random"].map(
      (name) => [name, `hashicorp/${name}`],
    ),
  ),
  ...Object.fromEntries(["template", "time", "tls", "vault"].map((name) => [name, `hashicorp/${name}`])),
  docker: "kreuzwerker/docker",
};

/** What to say of a state's providers that are named so; undefined where none is. */
export function renamedProviders(renamed: readonly string[] = []): string | undefined {
  return renamed.length === 0 ? undefined : `Taking these providers by today's names: ${listed(renamed)}`;
}

const legacy = /^((?:module\.[^.]+\.)*)provider(?:\.([\w-]+)|\["registry\.terraform\.io\/-\/([\w-]+)"\])(\.[\w-]+)?$/;

/** OpenTofu takes providers without a host from a registry of its own, and names that in the states that it writes. */
const ofOpenTofu = /^((?:module\.[^.]+\.)*provider\[")registry\.opentofu\.org\//;

/**
 * @param binary that is to read the state
 * @returns the address by its source; as it is where it has one, or where the source of its name isn't known
 */
export function currentProvider(address: string, binary = terraformBinary()): string {
  const [, module = "", name, unqualified, alias = ""] = legacy.exec(address) ?? [];
  const source = sources[name ?? unqualified ?? ""];
  if (source !== undefined) return `${module}provider["registry.terraform.io/${source}"]${alias}`;
  return /tofu/i.test(basename(binary)) ? address : address.replace(ofOpenTofu, "$1registry.terraform.io/");
}

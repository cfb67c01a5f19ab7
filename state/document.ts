/**
 * State files of format version 4, read and written without losing a digit: numbers stay the text that they are.
 * https://developer.hashicorp.com/terraform/internals/state (the format itself is Terraform's own; see statefile/version4.go)
 */
import { isLosslessNumber, type LosslessNumber, parse, stringify } from "lossless-json";
import { shown, UserError } from "../lib/user-error";

export const formatVersion = 4;

/** An object of one resource instance. Attributes and whatever else Terraform keeps are carried, not understood. */
export interface StateInstance {
  /** A key of `for_each`, or an index of `count`. */
  readonly index_key?: string | LosslessNumber;
  readonly status?: string;
  /** Key of an object that a replacement has left to be destroyed. */
  readonly deposed?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface StateResource {
  /** Path of the module, with its instance keys; absent in the root module. */
  readonly module?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** `provider["registry.terraform.io/hashicorp/aws"]` */
  readonly provider: string;
  readonly instances: readonly StateInstance[];
  readonly [field: string]: unknown;
}

export interface StateDocument {
  readonly version: number;
  readonly terraform_version: string;
  readonly serial: number;
  readonly lineage: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly resources: readonly StateResource[];
  readonly [field: string]: unknown;
}

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

/**
 * @param text of a state file
 * @param where it comes from, for the error
 * @throws UserError where the text is no such state; its sentence holds nothing of the content
 */
export function parseState(text: string, where: string): StateDocument {
  if (text.trim() === "") {
    throw new UserError(`${where} is empty (${text.length} bytes): give the place of a Terraform state.`);
  }
  const tree = parsedTree(text, where);
  if ("encrypted_data" in tree || "sops" in tree) {
    throw new UserError(
      `${where} is encrypted: decrypt it first, or let the tool that encrypts it pull the state into a file for --from.`,
    );
  }
  if ("format_version" in tree) {
    throw new UserError(
      `${where} is the output of "terraform show -json", not a state: take "terraform state pull" for it.`,
    );
  }
  const version = isLosslessNumber(tree.version) ? Number(tree.version.value) : undefined;
  if (version === undefined) {
    throw new UserError(`${where} is JSON but not a Terraform state (it has no "version"): give the place of a state.`);
  }
  if (version > formatVersion) {
    throw new UserError(
      `${where} has the state format version ${version}, which is newer than what this project knows (${formatVersion}): use the Terraform that wrote it, and a newer version of this project.`,
    );
  }
  if (version < formatVersion) {
    throw new UserError(
      `${where} has the old state format version ${version}: let Terraform upgrade it first, with "terraform apply -refresh-only" in the module's folder.`,
    );
  }
  const { serial, lineage, resources, outputs } = tree;
  const broken =
    !isLosslessNumber(serial) || typeof lineage !== "string" || !Array.isArray(resources)
      ? "serial, lineage or resources are missing"
      : brokenResource(resources);
  if (broken !== undefined) throw new UserError(`${where} is a damaged Terraform state: ${broken}.`);
  return {
    ...tree,
    version,
    serial: Number(serial),
    outputs: isTree(outputs) ? outputs : {},
  } as unknown as StateDocument;
}

function parsedTree(text: string, where: string): Tree {
  let tree: unknown;
  try {
    tree = parse(text);
  } catch (error) {
    // The parser's own text quotes what it stumbled over, which can be a secret.
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    const at = position === undefined ? "" : ` at character ${position} of ${text.length}`;
    const what = /^\s*[[{]/.test(text) ? `breaks off or is damaged${at}` : "is not JSON; it may be encrypted";
    throw new UserError(`${where} can't be read as a Terraform state: it ${what}. Take it again, or a whole copy.`);
  }
  if (!isTree(tree)) throw new UserError(`${where} holds no JSON object: give the place of a Terraform state.`);
  return tree;
}

function brokenResource(resources: readonly unknown[]): string | undefined {
  const index = resources.findIndex(
    (resource) =>
      !isTree(resource) ||
      !["managed", "data"].includes(String(resource.mode)) ||
      typeof resource.type !== "string" ||
      typeof resource.name !== "string" ||
      typeof resource.provider !== "string" ||
      !Array.isArray(resource.instances) ||
      !resource.instances.every(isTree),
  );
  return index < 0 ? undefined : `its resource ${shown(index)} lacks mode, type, name, provider or instances`;
}

export function serializeState(document: StateDocument): string {
  return `${stringify(document, null, 2)}\n`;
}

/** Whether a state holds nothing that could be lost. */
export function isEmptyState(document: StateDocument | undefined): boolean {
  return document === undefined || document.resources.every(({ instances }) => instances.length === 0);
}

/**
 * State files of format version 4, read and written without losing a digit: what is not understood is carried as the bytes
 * that it is.
 * https://developer.hashicorp.com/terraform/internals/state (the format itself is Terraform's own; see statefile/version4.go)
 */
import { shown, UserError } from "../lib/user-error";
import { JsonError, JsonValue } from "./json-bytes";
import { currentProvider } from "./provider-address";

export const formatVersion = 4;

/** An object of one resource instance. */
export interface StateInstance {
  /** A key of `for_each`, or an index of `count`. */
  readonly index_key?: string | number;
  readonly status?: string;
  /** Key of an object that a replacement has left to be destroyed. */
  readonly deposed?: string;
  /** All of it: attributes and whatever else Terraform keeps. */
  readonly json: JsonValue;
}

export interface StateResource {
  /** Path of the module, with its instance keys; absent in the root module. */
  readonly module?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** `provider["registry.terraform.io/hashicorp/aws"]`, by today's name whatever an older Terraform has written. */
  readonly provider: string;
  readonly instances: readonly StateInstance[];
  /** What else the resource has. */
  readonly further?: Further;
}

export interface StateDocument {
  readonly version: number;
  readonly terraform_version: string;
  readonly serial: number;
  readonly lineage: string;
  /** As they were read, or new ones. */
  readonly outputs: JsonValue | Readonly<Record<string, unknown>>;
  readonly resources: readonly StateResource[];
  /** What else the state has, such as `check_results`. */
  readonly further?: Further;
  /** Providers that the file names as an older Terraform or OpenTofu did. They are written by today's names. */
  readonly renamed?: readonly string[];
}

type Further = Readonly<Record<string, JsonValue>>;
type Members = ReadonlyMap<string, JsonValue>;

/**
 * @param content of a state file
 * @param where it comes from, for the error
 * @throws UserError where the content is no such state; its sentence holds nothing of it
 */
export function parseState(content: string | Uint8Array, where: string): StateDocument {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const tree = parsedTree(bytes, where);
  if (tree.has("encrypted_data") || tree.has("sops")) {
    throw new UserError(
      `${where} is encrypted: decrypt it first, or let the tool that encrypts it pull the state into a file for --from.`,
    );
  }
  if (tree.has("format_version")) {
    throw new UserError(
      `${where} is the output of "terraform show -json", not a state: use the output of "terraform state pull".`,
    );
  }
  requireVersion(tree.get("version"), where);
  const [serial, lineage, resources] = ["serial", "lineage", "resources"].map((name) => tree.get(name));
  if (serial?.kind !== "number" || lineage?.string === undefined || resources?.kind !== "list") {
    throw new UserError(`${where} is a damaged Terraform state: serial, lineage or resources are missing.`);
  }
  const outputs = tree.get("outputs");
  const renamed = new Set<string>();
  return {
    version: formatVersion,
    terraform_version: tree.get("terraform_version")?.string ?? "",
    serial: Number(serial.text),
    lineage: lineage.string,
    outputs: outputs?.kind === "object" ? outputs : {},
    resources: resources.items().map((resource, index) => {
      const parsed = parsedResource(resource.members(), renamed);
      if (parsed !== undefined) return parsed;
      throw new UserError(
        `${where} is a damaged Terraform state: its resource ${index} lacks mode, type, name, provider or instances.`,
      );
    }),
    further: further(tree, ["version", "terraform_version", "serial", "lineage", "outputs", "resources"]),
    renamed: [...renamed].sort(),
  };
}

function parsedTree(bytes: Uint8Array, where: string): Members {
  if (isBlank(bytes)) {
    throw new UserError(`${where} is empty (${bytes.length} bytes): give the place of a Terraform state.`);
  }
  let whole: JsonValue;
  try {
    whole = JsonValue.whole(bytes);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (isMarked(bytes)) {
      throw new UserError(
        `${where} is UTF-16 or begins with a byte order mark, as PowerShell's > writes it: save it as UTF-8 without one, as Terraform reads it.`,
      );
    }
    const begins = /^\s*[[{]/.test(Buffer.from(bytes.subarray(0, 100)).toString("latin1"));
    const what = begins
      ? `breaks off or is damaged at byte ${error.position} of ${bytes.length}`
      : "is not JSON; it may be encrypted";
    throw new UserError(`${where} can't be read as a Terraform state: it ${what}. Take it again, or a whole copy.`);
  }
  if (whole.kind !== "object") {
    throw new UserError(`${where} holds no JSON object: give a Terraform state file.`);
  }
  return whole.members();
}

/** What an editor or a shell has made of a text: a mark in front of it, or two bytes for each letter. */
function isMarked([first, second, third]: Uint8Array): boolean {
  const mark = [first, second, third].map((byte) => (byte ?? 0).toString(16).padStart(2, "0")).join("");
  return mark === "efbbbf" || /^(fffe|feff|7b00|007b)/.test(mark);
}

/** Whether a file holds nothing at all. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte <= 0x20);
}

function requireVersion(given: JsonValue | undefined, where: string): void {
  if (given?.kind !== "number") {
    throw new UserError(`${where} is JSON but not a Terraform state (it has no "version"): give the place of a state.`);
  }
  const version = Number(given.text);
  if (version > formatVersion) {
    throw new UserError(
      `${where} has the state format version ${version}, which is newer than what this project knows (${formatVersion}): use the Terraform that wrote it, and a newer version of this project.`,
    );
  }
  if (version < formatVersion) throw new OldFormatError(where, version);
}

/** A state that Terraform upgrades by itself when it reads it. */
export class OldFormatError extends UserError {
  constructor(where: string, version: number) {
    super(
      `${where} has the old state format version ${shown(version)}: let Terraform upgrade it first, with "terraform apply -refresh-only" in the module's folder.`,
    );
  }
}

function parsedResource(members: Members, renamed: Set<string>): StateResource | undefined {
  const [module, mode, type, name, provider] = ["module", "mode", "type", "name", "provider"].map(
    (field) => members.get(field)?.string,
  );
  const instances = members.get("instances");
  if ((mode !== "managed" && mode !== "data") || instances?.kind !== "list") return undefined;
  if (type === undefined || name === undefined || provider === undefined) return undefined;
  const items = instances.items();
  if (!items.every(({ kind }) => kind === "object")) return undefined;
  if (currentProvider(provider) !== provider) renamed.add(provider);
  return {
    ...(module !== undefined && { module }),
    mode,
    type,
    name,
    provider: currentProvider(provider),
    instances: items.map(parsedInstance),
    further: further(members, ["module", "mode", "type", "name", "provider", "instances"]),
  };
}

function parsedInstance(json: JsonValue): StateInstance {
  const members = json.members();
  const key = members.get("index_key");
  const [status, deposed] = [members.get("status")?.string, members.get("deposed")?.string];
  return {
    ...(key?.kind === "number" && { index_key: Number(key.text) }),
    ...(key?.kind === "string" && { index_key: key.string }),
    ...(status !== undefined && { status }),
    ...(deposed !== undefined && { deposed }),
    json,
  };
}

function further(members: Members, known: readonly string[]): Further {
  return Object.fromEntries([...members].filter(([name]) => !known.includes(name)));
}

/** An attribute that is text, of today's nested ones or an old format's flat ones. */
export function textAttribute({ json }: StateInstance, name: string): string | undefined {
  const members = json.members();
  return (members.get("attributes") ?? members.get("attributes_flat"))?.members().get(name)?.string;
}

/** Whether the state says anything of an object. Terraform takes one without attributes for an empty one. */
export function hasAttributes({ json }: StateInstance): boolean {
  const members = json.members();
  return ["attributes", "attributes_flat"].some((name) => (members.get(name)?.members().size ?? 0) > 0);
}

/** The file's content. */
export function serializeState(document: StateDocument): Buffer {
  const { further = {}, outputs, resources, renamed: _, ...head } = document;
  const parts: Uint8Array[] = [];
  const write = (text: string) => parts.push(Buffer.from(text));
  const writeValue = (value: unknown) => {
    if (value instanceof JsonValue) parts.push(value.slice);
    else write(JSON.stringify(value));
  };
  const writeMembers = (members: object, indent: string) => {
    for (const [name, value] of Object.entries(members)) {
      write(`${indent}${JSON.stringify(name)}: `);
      writeValue(value);
      write(",\n");
    }
  };
  write("{\n");
  writeMembers({ ...head, outputs, ...further }, "  ");
  write('  "resources": [');
  for (const [index, { instances, further: rest = {}, ...fields }] of resources.entries()) {
    write(`${index === 0 ? "" : ","}\n    {\n`);
    writeMembers({ ...fields, ...rest }, "      ");
    write('      "instances": [');
    for (const [at, { json }] of instances.entries()) {
      write(`${at === 0 ? "" : ","}\n        `);
      parts.push(json.slice);
    }
    write(`${instances.length === 0 ? "" : "\n      "}]\n    }`);
  }
  write(`${resources.length === 0 ? "" : "\n  "}]\n}\n`);
  return Buffer.concat(parts);
}

/** Whether a state holds nothing that could be lost. */
export function isEmptyState(document: StateDocument | undefined): boolean {
  return document === undefined || document.resources.every(({ instances }) => instances.length === 0);
}

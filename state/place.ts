/**
 * A place that holds a state, reached through Terraform's own backend: it is read by `terraform state pull`, written by
 * `terraform state push`, never with `-force`.
 */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { isAlive } from "../lib/is-alive";
import { shellCommand } from "../lib/shell-words";
import { UserError } from "../lib/user-error";
import { writeWhole } from "../lib/write-whole";
import { errorSummary, Terraform, type TerraformOptions } from "../terraform/terraform";
import { terraformBinary } from "../terraform/tool";
import { isBlank, OldFormatError, parseState, type StateDocument } from "./document";

/** A backend as Terraform's JSON syntax writes it. */
export interface Backend {
  readonly type: "local" | "s3";
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What Terraform tells of a lock. */
export interface Lock {
  readonly id: string;
  /** `state-push`, `OperationTypeApply` */
  readonly operation: string;
  /** `user@host` */
  readonly who: string;
  readonly created: string;
}

/** Somebody holds the state's lock. */
export class LockedError extends UserError {
  constructor(
    readonly place: StatePlace,
    readonly lock: Lock,
  ) {
    super(
      `The state at ${place} is locked by ${lock.who} (${lock.operation}, since ${lock.created}, lock id ${lock.id}): wait for it with --lock-timeout 5m, or ask them.`,
    );
  }
}

/** The state lies there whole, but the lock table has the digest of another one, so the backend doesn't read it. */
export class DigestError extends UserError {}

const digestMismatch = /does not have the expected content/;

/** Somebody has written the state since it was read. */
export class ConflictError extends UserError {}

export function describeBackend({ type, arguments: { bucket, key, path } }: Backend): string {
  return type === "s3" ? `s3://${bucket}/${key}` : String(path);
}

/** Whether two backends are one place. */
export function isSamePlace(a: Backend, b: Backend): boolean {
  return a.type === b.type && describeBackend(a) === describeBackend(b);
}

/** Credentials come from the environment or a profile; what a backend was once given inline is not carried into a file. */
const secretArguments = ["access_key", "secret_key", "token", "sse_customer_key"];

const configurationFile = "backend.tf.json";

export class StatePlace {
  private readonly terraform: Terraform;

  /**
   * @param folder for Terraform to work in; made when needed
   */
  constructor(
    readonly backend: Backend,
    private readonly folder: string,
    private readonly options: TerraformOptions = {},
  ) {
    this.terraform = new Terraform(folder, options);
  }

  /** A push of this run that goes on, by whichever of its processes it was started: who starts one can be killed alone. */
  get livingPush(): number | undefined {
    const file = join(this.folder, "pushes");
    const pids = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(Number) : [];
    return pids.find((pid) => isAlive(pid) && isPush(pid));
  }

  /** The same place for reading alone, whatever its lock table says. */
  besideTable(folder: string): StatePlace {
    const { dynamodb_table: _, ...rest } = this.backend.arguments;
    return new StatePlace({ ...this.backend, arguments: rest }, folder, this.options);
  }

  toString(): string {
    return describeBackend(this.backend);
  }

  /**
   * Copies the state into a file, byte for byte.
   * @returns undefined where there is none
   */
  async pull(file: string): Promise<StateDocument | undefined> {
    this.refuseDamagedFile();
    await this.initialize();
    const { exitCode, stderr } = await this.terraform.attemptInto(file, "state", "pull", "-no-color");
    if (exitCode !== 0) {
      const isStale = digestMismatch.test(stderr);
      throw new (isStale ? DigestError : UserError)(`The state at ${this} can't be read: ${errorSummary(stderr)}`);
    }
    const content = readFileSync(file);
    if (isBlank(content)) return undefined;
    const document = parseState(content, `The state at ${this}`);
    // What Terraform prints of a remote place where nothing lies.
    return document.lineage === "" && document.resources.length === 0 ? undefined : document;
  }

  /** Of a damaged file Terraform doesn't say whether it breaks off, is encrypted or is something else. */
  private refuseDamagedFile(): void {
    const { type, arguments: given } = this.backend;
    const path = String(given.path);
    if (type !== "local" || !existsSync(path)) return;
    const content = readFileSync(path);
    if (isBlank(content)) return;
    try {
      parseState(content, `The state at ${this}`);
    } catch (error) {
      // Terraform reads it in today's format.
      if (!(error instanceof OldFormatError)) throw error;
    }
  }

  /**
   * Writes the state of a file.
   * @param lockTimeout how long to wait for a lock, in Terraform's words: `5m`
   * @throws LockedError, ConflictError; then nothing is written
   */
  async push(file: string, lockTimeout = "0s"): Promise<void> {
    await this.initialize();
    const args = ["push", "-no-color", `-lock-timeout=${lockTimeout}`, file];
    const onStart = (pid: number) => appendFileSync(join(this.folder, "pushes"), `${pid}\n`, { mode: 0o600 });
    const pushing = new Terraform(this.folder, { ...this.options, onStart });
    const { exitCode, stderr } = await pushing.attempt("state", ...args);
    if (exitCode === 0) return;
    const lock = lockIn(stderr);
    if (lock !== undefined) throw new LockedError(this, lock);
    if (digestMismatch.test(stderr)) {
      throw new DigestError(`The state at ${this} can't be written: ${errorSummary(stderr)}`);
    }
    if (/cannot (overwrite existing|import) state/.test(stderr)) {
      throw new ConflictError(`Somebody has written the state at ${this} since it was read (${errorSummary(stderr)}).`);
    }
    throw new UserError(`The state at ${this} can't be written: ${errorSummary(stderr)}`);
  }

  async unlock({ id }: Lock): Promise<void> {
    await this.initialize();
    const { exitCode, stderr } = await this.terraform.attempt("force-unlock", "-force", "-no-color", id);
    if (exitCode !== 0) throw new UserError(`The lock of ${this} can't be removed: ${errorSummary(stderr)}`);
  }

  /** What a person types to take a lock off. */
  unlockCommand({ id }: Lock): string {
    return shellCommand([terraformBinary(), `-chdir=${this.folder}`, "force-unlock", id]);
  }

  private async initialize(): Promise<void> {
    const kept = Object.entries(this.backend.arguments).filter(([name]) => !secretArguments.includes(name));
    const text = JSON.stringify({ terraform: { backend: { [this.backend.type]: Object.fromEntries(kept) } } });
    const binary = terraformBinary();
    // An earlier process may have done it for the same backend.
    const done = join(this.folder, "initialized");
    if (existsSync(done) && readFileSync(done, "utf8") === binary + text) return;
    rmSync(done, { force: true });
    // Reading and writing need no providers, but init looks for those of the state's objects, and once it has found them
    // every later command checks hundreds of megabytes, which another init may be replacing in the cache they share.
    const noProviders = join(this.folder, "no-providers");
    mkdirSync(noProviders, { recursive: true, mode: 0o700 });
    // Aside: Terraform empties its record of the backend before it writes it anew, and an init whose starter was killed goes on.
    const aside = mkdtempSync(join(this.folder, "init-"));
    try {
      writeFileSync(join(aside, configurationFile), text, { mode: 0o600 });
      const args = ["-input=false", "-no-color", "-reconfigure", `-plugin-dir=${noProviders}`];
      const { exitCode, stderr } = await new Terraform(aside, this.options).attempt("init", ...args);
      const isAfterBackend = /provider|Error refreshing state/i.test(stderr) || digestMismatch.test(stderr);
      const isReached =
        exitCode === 0 || (isAfterBackend && existsSync(join(aside, ".terraform", "terraform.tfstate")));
      if (!isReached) throw new UserError(`The state at ${this} can't be reached: ${errorSummary(stderr)}`);
      rmSync(join(this.folder, ".terraform"), { recursive: true, force: true });
      renameSync(join(aside, ".terraform"), join(this.folder, ".terraform"));
      renameSync(join(aside, configurationFile), join(this.folder, configurationFile));
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
    writeWhole(done, binary + text);
  }
}

/** Whether a process is a push, and not another one that has its number by now. */
function isPush(pid: number): boolean {
  const { status, stdout } = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  return status === null || /\bstate push\b/.test(stdout);
}

/** How Terraform calls this user on this machine. */
export function ownName(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** The table that Terraform prints of a lock that it could not take. */
function lockIn(stderr: string): Lock | undefined {
  if (!stderr.includes("Error acquiring the state lock")) return undefined;
  const field = (name: string) => new RegExp(`^[│\\s]*${name}:\\s+(\\S.*?)\\s*$`, "m").exec(stderr)?.[1];
  const [id, who, operation, created] = [field("ID"), field("Who"), field("Operation"), field("Created")];
  if (id === undefined || who === undefined) return undefined;
  return { id, who, operation: operation ?? "", created: created ?? "" };
}

/**
 * Puts a whole file in the place of one that Terraform's local backend was writing when it died: that backend overwrites
 * in place.
 */
export function replaceLocalFile(path: string, content: string | undefined): void {
  if (content === undefined) {
    rmSync(path, { force: true });
    return;
  }
  writeWhole(path, content);
}

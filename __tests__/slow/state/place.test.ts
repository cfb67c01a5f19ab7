/** What a process that was killed leaves behind it in the folder of a place. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StatePlace } from "../../../state/place";
import { until } from "../../support/processes";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "place-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const state = { version: 4, terraform_version: "1.5.0", serial: 1, lineage: "a", outputs: {}, resources: [] };
const statePath = join(folder, "old.tfstate");
writeFileSync(statePath, JSON.stringify({ ...state, outputs: { kept: { value: "x", type: "string" } } }));

/** The place of a folder of its own. */
function place(name: string, path = statePath) {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  return { own, place: new StatePlace({ type: "local", arguments: { path } }, own) };
}

/** A program in Terraform's place for as long as something is done. */
async function withTerraform(script: string, use: () => Promise<void>): Promise<void> {
  const file = join(folder, "terraform.sh");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  const before = process.env.TERRAFORM_BINARY_NAME;
  process.env.TERRAFORM_BINARY_NAME = file;
  try {
    await use();
  } finally {
    if (before === undefined) delete process.env.TERRAFORM_BINARY_NAME;
    else process.env.TERRAFORM_BINARY_NAME = before;
  }
}

test(
  "an init that goes on after its starter was killed takes nothing from the next one",
  async () => {
    const { own, place: next } = place("orphan");
    const emptied = join(folder, "emptied");
    // Terraform empties the record of the backend where it lies before it writes it: here it does so once more, late.
    const late = `
terraform "$@"; code=$?
case " $* " in *" init "*)
  record="$PWD/.terraform/terraform.tfstate"
  for argument in "$@"; do case "$argument" in -chdir=*) record="\${argument#-chdir=}/.terraform/terraform.tfstate";; esac; done
  (while [ ! -e '${own}/initialized' ]; do sleep 0.02; done; [ -e "$record" ] && : > "$record"; : > '${emptied}') > /dev/null 2>&1 &
;; esac
exit $code`;
    await withTerraform(late, async () => {
      await next.pull(join(own, "first"));
      await until(() => existsSync(emptied), "the late init");
      const pulled = await next.pull(join(own, "second"));
      expect(pulled?.lineage).toBe("a");
    });
  },
  minute,
);

test(
  "an init of another backend that was killed leaves no folder that passes for the first one's",
  async () => {
    const { own, place: first } = place("two");
    await first.pull(join(own, "copy"));
    const { place: other } = place("two", join(folder, "other.tfstate"));
    await withTerraform('case " $* " in *" init "*) exit 137;; esac; exec terraform "$@"', async () => {
      await expect(other.pull(join(own, "copy"))).rejects.toThrow(/can't be reached/);
    });
    expect((await first.pull(join(own, "copy")))?.lineage).toBe("a");
  },
  minute,
);

test(
  "a record that a killed init has left half-written is no obstacle",
  async () => {
    const { own, place: next } = place("half");
    mkdirSync(join(own, ".terraform"));
    writeFileSync(join(own, ".terraform", "terraform.tfstate"), '{"version": 3, "ser');
    expect((await next.pull(join(own, "copy")))?.lineage).toBe("a");
  },
  minute,
);

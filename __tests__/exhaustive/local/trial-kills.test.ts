/** `npm run trial`, killed with all that it can say at moments that a seed chooses: `--stop` ends whatever it has left. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { project } from "../../../lib/project";
import { runProcess } from "../../../lib/run-process";
import { type Clone, cloneProject } from "../../../tools/clone-project";
import { processesWith, until } from "../../support/processes";
import { Random } from "../../support/random";
import { ended, startTrial } from "../../support/trial";

const minute = 60_000;
const seed = 20_251_201;
const kills = 8;

let clone: Clone;
beforeAll(() => {
  clone = cloneProject(project);
});
afterAll(() => clone.remove());

const random = new Random(seed);
/** Most are early, where one step follows another in moments; the last ones are within the applies. */
const delays = Array.from({ length: kills }, (_, index) => random.below(500 * 2 ** index));

test.each(delays)(
  "after %d ms",
  async (delay) => {
    const marker = randomUUID();
    const { child } = startTrial(clone, [], { XDG_MARKER: marker });
    // The moment itself is what is tried.
    await sleep(delay);
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await ended(child);
    const stop = await runProcess("npm", ["run", "--silent", "trial", "--", "--stop"], { cwd: clone.folder });
    if (stop.exitCode !== 0) expect(stop.stderr).toBe("Error: No trial was kept: there is nothing to stop.\n");
    await until(() => processesWith(marker).length === 0, "the end of all processes");
    expect(existsSync(join(clone.folder, ".trial"))).toBe(false);
  },
  5 * minute,
);

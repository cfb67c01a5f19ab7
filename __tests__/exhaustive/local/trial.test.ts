/** The README's first command from beginning to end, on a machine without moto. */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Clone, cloneProject } from "../../../tools/clone-project";
import { processesWith } from "../../support/processes";
import { project } from "../../support/project";
import { ctrlC, onTerminal } from "../../support/terminal";
import { ended, pathWithoutMoto, startTrial } from "../../support/trial";

const minute = 60_000;

describe("npm run trial", () => {
  let clone: Clone;
  beforeAll(() => {
    clone = cloneProject(project);
  });
  afterAll(() => clone.remove());

  test(
    "installs moto, deploys both stacks, sends requests through Envoy, plans again, and leaves nothing but Terraform's text",
    async () => {
      const marker = randomUUID();
      // What a machine has for real accounts: each of these would end the trial, or send calls elsewhere.
      const machine = {
        AWS_PROFILE: "work",
        AWS_CONFIG_FILE: "/nowhere/config",
        AWS_ENDPOINT_URL_ROUTE_53: "http://127.0.0.1:9",
        AWS_ENDPOINT_URL_LAMBDA: "http://127.0.0.1:9",
        AWS_CA_BUNDLE: "/nowhere/bundle.pem",
        TF_AWS_DEFAULT_TAGS_Team: "work",
        TF_VAR_aws_profile: "work",
        TF_CLI_ARGS: "-no-such-argument",
      };
      const environment = { ...machine, PATH: pathWithoutMoto(clone), XDG_MARKER: marker };
      const { child, said } = startTrial(clone, ["--region", "eu-west-1"], environment);
      expect([await ended(child), said()]).toEqual([0, expect.stringContaining("Installing moto")]);
      const text = said();
      const ending = text.slice(text.indexOf("Deployed"));
      expect(ending).toMatch(/^Deployed +20 instances in network, 36 instances in app$/m);
      expect(ending).toMatch(/^ +cluster cruddur with backend-flask, .*; user pool eu-west-1_/m);
      expect(ending).toMatch(/^Second plan +network: no changes$/m);
      expect(ending).toMatch(/^ +app: no changes but what moto forgets of 4 services: /m);
      expect(ending).toMatch(/ alice with her token: GET, POST +200 alice, 201 alice +200 alice, 201 alice$/m);
      expect(ending).toMatch(/ alice with an expired token: GET, POST +200 nobody, 401 +200 nobody, 401$/m);
      expect(ending).toMatch(/ the authorizer stopped: .* 503, 503, 200 nobody +503, 503, 200 nobody$/m);
      expect(ending).not.toContain("Not shown");
      // Nobody is there to be asked.
      expect(ending).not.toContain("Keep it running");
      expect(ending.trim().split("\n").length).toBeLessThan(16);
      const log = readFileSync(join(clone.folder, ".cache", "trial", "terraform.log"), "utf8");
      expect(log).toContain("network: Apply complete! Resources: 20 added, 0 changed, 0 destroyed.");
      expect(log).toContain("app: Apply complete! Resources: 36 added, 0 changed, 0 destroyed.");
      expect(log).toContain(".dkr.ecr.eu-west-1.amazonaws.com/envoy");
      expect(processesWith(marker)).toEqual([]);
      expect(existsSync(join(clone.folder, ".trial"))).toBe(false);
      expect(existsSync(join(clone.folder, "terraform.app.tfstate"))).toBe(false);
    },
    10 * minute,
  );

  test(
    "on a terminal it asks whether to keep it running: Ctrl-C ends it, and leaves nothing",
    async () => {
      const marker = randomUUID();
      const terminal = onTerminal("npm", ["run", "trial"], {
        cwd: clone.folder,
        env: { ...process.env, XDG_MARKER: marker },
      });
      await terminal.sees("Keep it running, with a page to look around?", 6 * minute);
      terminal.types(ctrlC);
      expect([await terminal.ended, terminal.shown()]).toEqual([
        130,
        expect.stringContaining("The local AWS is stopped and its state removed"),
      ]);
      expect(processesWith(marker)).toEqual([]);
      expect(existsSync(join(clone.folder, ".trial"))).toBe(false);
    },
    // Longer than the wait above in CI, so that what it shows is told.
    35 * minute,
  );
});

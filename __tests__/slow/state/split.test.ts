/** Splits with colleagues around, with locks, damage and secrets: the real tools, Terraform, provider and S3 backend. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "../../../lib/run-process";
import { until } from "../../support/processes";
import { encodedForms, watchCommandLines } from "../../support/secrets";
import { addresses, type Json, labForTests, managed } from "../../support/state/lab";
import { expectUntouched, splitTests } from "../../support/state/splits";

const minute = 60_000;

describe("splitting", () => {
  // A secret with what JSON, HCL and URLs escape, to be searched in every form.
  const { lab, newCase } = labForTests({ secret: `a<b>&"c"$d%{e}-${Math.random().toString(36).slice(2)}` });

  splitTests(lab, newCase, "lock file");

  test(
    "a local state that died in the middle of being written is mended from the backup",
    async () => {
      const one = await newCase("local");
      // Terraform's own writing can't be stopped halfway from outside: its traces are made by hand.
      expect((await one.split()).exitCode).toBe(0);
      const file = join(one.runs, one.run, "run.json");
      const record = JSON.parse(readFileSync(file, "utf8"));
      for (const damage of ["", readFileSync(one.source, "utf8").slice(0, 200)]) {
        const pushing = { stack: "app", since: new Date().toISOString() };
        writeFileSync(file, JSON.stringify({ ...record, status: "open", done: "push network", pushing }));
        writeFileSync(one.source, damage);
        const { exitCode, stderr } = await one.resume();
        expect([exitCode, stderr]).toEqual([0, expect.anything()]);
        expect(managed((await one.documents()).app)).toEqual([...addresses.app].sort());
      }
    },
    6 * minute,
  );

  test(
    "who may read but not write is told so, and goes on when that is put right",
    async () => {
      const one = await newCase("lock file");
      one.proxy.onWrite = (_write, moment) => (moment === "before" ? "forbid" : undefined);
      const refused = await one.split();
      expect([refused.exitCode, refused.stderr]).toEqual([
        3,
        expect.stringMatching(/network\.tfstate can't be written: .*AccessDenied[\s\S]*bin\/state\/resume/),
      ]);
      await expectUntouched(one, lab.original);
      one.proxy.onWrite = () => undefined;
      expect((await one.resume()).exitCode).toBe(0);
      expect(managed((await one.documents()).app)).toEqual([...addresses.app].sort());
    },
    6 * minute,
  );

  test(
    "the way back needs no provider",
    async () => {
      const one = await newCase("lock file");
      const cache = join(one.folder, "plugin-cache");
      mkdirSync(cache);
      await one.killedAt("9:after", ({ environment }) =>
        one.split(["--apply"], { environment: { ...environment, TF_PLUGIN_CACHE_DIR: cache } }),
      );
      expect(one.record).toMatchObject({ status: "open", done: "prove" });
      rmSync(cache, { recursive: true });
      const { exitCode, stderr } = await one.rollback();
      expect([exitCode, stderr]).toEqual([0, expect.anything()]);
      await expectUntouched(one, lab.original);
    },
    6 * minute,
  );

  test(
    "two at work on one run: the second waits for the first",
    async () => {
      const one = await newCase("lock file");
      await one.killedAt("9:after", (options) => one.split(["--apply"], options));
      writeFileSync(join(one.runs, one.run, "claim"), String(process.pid));
      const { exitCode, stderr } = await one.resume();
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`Process ${process.pid} is working on the run`)]);
    },
    6 * minute,
  );

  test(
    "killed in the middle of its proof, with the old module's plan in it: forward, and back",
    async () => {
      const one = await newCase("lock file");
      await one.split(["--apply", "--hcl", lab.module], {
        onLine: (line) => {
          if (line.startsWith("Planning app")) one.killEverything();
        },
      });
      expect(one.record.done).toBe("split");
      const killed = await one.snapshot();
      expect(await one.resume()).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("Proven") });
      expect(managed((await one.documents()).app)).toEqual([...addresses.app].sort());
      await one.restore(killed);
      expect(await one.rollback()).toMatchObject({ exitCode: 0 });
      await expectUntouched(one, lab.original);
    },
    8 * minute,
  );

  test(
    "killed alone, its Terraform goes on: resume waits for that",
    async () => {
      const one = await newCase("lock file");
      let letGo = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      let reached = () => {};
      const isReached = new Promise<void>((resolve) => {
        reached = resolve;
      });
      one.proxy.onWrite = async ({ what }, moment) => {
        if (!what.endsWith("/network.tfstate") || moment !== "before") return undefined;
        reached();
        await held;
        return undefined;
      };
      const split = one.split();
      await isReached;
      const pid = Number(readFileSync(join(one.runs, one.run, "claim"), "utf8"));
      process.kill(pid, "SIGKILL");
      await split;
      const early = await one.resume();
      expect([early.exitCode, early.stderr]).toEqual([
        3,
        expect.stringMatching(/Terraform that this run has started \(process \d+\) still writes/),
      ]);
      letGo();
      await until(
        () => one.proxy.writes.some(({ what }) => what.startsWith("DELETE") && what.endsWith(".tflock")),
        "the end of Terraform",
      );
      expect((await one.resume()).exitCode).toBe(0);
      expect(managed((await one.documents()).app)).toEqual([...addresses.app].sort());
    },
    8 * minute,
  );

  describe("is refused, with nothing written", () => {
    const edited = (edit: (state: Json) => void): string => {
      const state = structuredClone(lab.original);
      edit(state);
      return JSON.stringify(state, null, 2);
    };
    const first = (state: Json) => state.resources.find(({ mode }: Json) => mode === "managed").instances[0];

    test.each<[string, () => string, RegExp]>([
      ["an empty file", () => "", /is empty|There is no state/],
      [
        "truncated JSON",
        () => JSON.stringify(lab.original).slice(0, 900),
        /breaks off or is damaged at byte 900 of 900/,
      ],
      ["no JSON at all", () => "\u0000\u0001age-encryption.org/v1", /is not JSON; it may be encrypted/],
      [
        "an encrypted state",
        () => JSON.stringify({ serial: 1, lineage: "x", encrypted_data: "AAAA", encryption_version: "v0" }),
        /is encrypted: decrypt it first/,
      ],
      ["a newer format", () => edited((state) => Object.assign(state, { version: 5 })), /version 5/],
      [
        "a tainted object",
        () => edited((state) => Object.assign(first(state), { status: "tainted" })),
        /unfinished objects: .*tainted/,
      ],
      [
        "a deposed object",
        () => edited((state) => state.resources.at(-1).instances.push({ ...first(state), deposed: "abcd1234" })),
        /unfinished objects: .*deposed abcd1234/,
      ],
      [
        "another module's state",
        () =>
          edited((state) => {
            for (const one of state.resources) one.name = `their_${one.name}`;
          }),
        /another module's/,
      ],
      [
        "an undeclared resource",
        () => edited((state) => state.resources.push({ ...state.resources.at(-1), name: "extra" })),
        /No stack declares \S+extra/,
      ],
      [
        "a state without resources",
        () => edited((state) => Object.assign(state, { resources: [] })),
        /holds no resources/,
      ],
    ])(
      "%s",
      async (_what, state, sentence) => {
        const one = await newCase("local", state());
        const before = readFileSync(one.source, "utf8");
        const { exitCode, stdout, stderr } = await one.split();
        expect([exitCode, stderr]).toEqual([1, expect.stringMatching(sentence)]);
        expect(stderr).not.toMatch(/^\s+at /m);
        expect(readFileSync(one.source, "utf8")).toBe(before);
        expect(existsSync(join(one.folder, "terraform.network.tfstate"))).toBe(false);
        for (const form of encodedForms(lab.secret)) expect(stdout + stderr).not.toContain(form);
      },
      6 * minute,
    );

    test(
      "a wrong key, a place that is not empty, another account",
      async () => {
        const one = await newCase("lock file");
        const wrong = await one.command("split", [
          "--from",
          one.source.replace("app.tfstate", "other.tfstate"),
          "--runs",
          one.runs,
          "--apply",
        ]);
        expect([wrong.exitCode, wrong.stderr]).toEqual([
          1,
          expect.stringMatching(/other\.tfstate, but the settings put the app's at/),
        ]);
        // A proof is refused for what the apply would be.
        const elsewhere = ["--from", one.source.replace("app.tfstate", "other.tfstate"), "--runs", one.runs];
        const dry = await one.command("split", elsewhere);
        expect([dry.exitCode, dry.stderr]).toEqual([1, wrong.stderr]);
        const unset = Object.fromEntries(Object.keys(one.settings()).map((name) => [name, undefined]));
        const local = await one.split([], { environment: unset });
        expect([local.exitCode, local.stderr]).toEqual([1, expect.stringContaining('set backend.type to "s3"')]);
        const none = await one.command("split", elsewhere, {
          environment: { CRUDDUR_BACKEND_KEYS_APP: `${one.name}/other.tfstate` },
        });
        expect([none.exitCode, none.stderr]).toEqual([1, expect.stringContaining("There is no state at")]);

        const account = await one.split(["--apply"], {
          environment: { CRUDDUR_ALLOWED_ACCOUNT_IDS: '["999999999999"]' },
        });
        expect([account.exitCode, account.stderr]).toEqual([
          1,
          expect.stringMatching(/of account 123456789012, and the setting allowedAccountIds/),
        ]);
        await expectUntouched(one, lab.original);
        const back = await one.rollback();
        expect([back.exitCode, back.stdout]).toEqual([0, expect.stringContaining("has written nothing")]);

        await one.write(
          "network",
          JSON.stringify({ ...lab.original, lineage: "11111111-2222-3333-4444-555555555555" }),
        );
        const taken = await one.split();
        expect([taken.exitCode, taken.stderr]).toEqual([
          1,
          expect.stringMatching(/There are resources in the state at .*network\.tfstate already/),
        ]);
        expect((await one.documents()).app).toEqual(lab.original);
      },
      6 * minute,
    );

    test(
      "a move that the old module has still to make; one that it has made long ago refuses nothing",
      async () => {
        const one = await newCase("local");
        const module = join(one.folder, "old");
        mkdirSync(module);
        const text = readFileSync(join(lab.module, "main.tf"), "utf8");
        const moved = (from: string, to: string) => `moved {\n  from = ${from}\n  to   = ${to}\n}\n`;
        writeFileSync(join(module, "main.tf"), text.replace('"jobs" {', '"tasks" {'));
        writeFileSync(join(module, "moves.tf"), moved("aws_sqs_queue.jobs", "aws_sqs_queue.tasks"));
        const { exitCode, stderr } = await one.split(["--apply", "--hcl", module]);
        expect([exitCode, stderr]).toEqual([
          1,
          expect.stringContaining("old module's own plan would move aws_sqs_queue.jobs to aws_sqs_queue.tasks"),
        ]);
        await expectUntouched(one, lab.original);
        rmSync(one.runs, { recursive: true });
        writeFileSync(join(module, "main.tf"), text);
        writeFileSync(join(module, "moves.tf"), moved("aws_sqs_queue.tasks", "aws_sqs_queue.jobs"));
        expect(await one.split(["--apply", "--hcl", module])).toMatchObject({ exitCode: 0 });
      },
      8 * minute,
    );

    test(
      "plans that would change something, unless the old module plans the same",
      async () => {
        const drifted = edited((state) => {
          const queue = state.resources.find(({ type }: Json) => type === "aws_sqs_queue").instances[0];
          queue.attributes.tags = { team: "one" };
        });
        const one = await newCase("lock file", drifted);
        const environment = { TF_VAR_secret_value: "changed" };
        const refused = await one.split(["--apply"], { environment });
        expect([refused.exitCode, refused.stderr]).toEqual([
          2,
          expect.stringMatching(/update aws_ssm_parameter\.secret: /),
        ]);
        await expectUntouched(one, JSON.parse(drifted));
        rmSync(one.runs, { recursive: true });
        const allowed = await one.split(["--apply", "--hcl", lab.module], { environment });
        expect([allowed.exitCode, allowed.stderr]).toEqual([
          0,
          expect.stringContaining("that the old module's does not"),
        ]);
      },
      6 * minute,
    );

    test(
      "a full disk",
      async () => {
        const one = await newCase("lock file");
        mkdirSync(one.runs);
        const script = 'mount -t tmpfs -o size=24k none "$1" && shift && exec "$@"';
        const command = [
          join(lab.project, "bin", "state", "split"),
          "--from",
          one.source,
          "--runs",
          one.runs,
          "--apply",
        ];
        const { exitCode, stderr } = await runProcess(
          "unshare",
          ["--mount", "sh", "-c", script, "sh", one.runs, ...command],
          {
            cwd: lab.folder,
            environment: { ...process.env, ...one.environment() },
          },
        );
        expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/no space left/i)]);
        expect(stderr).not.toMatch(/^\s+at /m);
        await expectUntouched(one, lab.original);
      },
      6 * minute,
    );

    test(
      "a backup that is not what it was",
      async () => {
        const one = await newCase("lock file");
        expect((await one.split()).exitCode).toBe(0);
        const backup = join(one.runs, one.run, "backup", "source.tfstate");
        writeFileSync(backup, readFileSync(backup, "utf8").replace('"jobs"', '"j0bs"'));
        const before = await one.documents();
        const { exitCode, stderr } = await one.rollback();
        expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/backup .* is not what it was/)]);
        expect(await one.documents()).toEqual(before);
      },
      6 * minute,
    );
  });

  test(
    "the secrets of a state show nowhere, and what a run keeps is for its user alone",
    async () => {
      const one = await newCase("lock file");
      const watch = watchCommandLines();
      const results = [
        await one.split([]),
        await one.split(),
        await one.rollback(),
        await one.command("check", ["--from", one.source]),
      ];
      const commandLines = watch.stop();
      const files = readdirSync(one.runs, { recursive: true, encoding: "utf8" }).map((name) => join(one.runs, name));
      for (const file of files) {
        const { mode } = statSync(file);
        expect([file, mode & 0o077]).toEqual([file, 0]);
      }
      const sums = await runProcess("sha256sum", ["--check", "SHA256SUMS"], { cwd: join(one.runs, one.run, "backup") });
      expect([sums.exitCode, sums.stdout]).toEqual([0, expect.stringContaining("source.tfstate: OK")]);
      const record = readFileSync(join(one.runs, one.run, "run.json"), "utf8");
      const said = results.map(({ stdout, stderr }) => stdout + stderr).join("\n") + record + commandLines.join("\n");
      for (const form of encodedForms(lab.secret)) expect(said).not.toContain(form);
    },
    10 * minute,
  );
});

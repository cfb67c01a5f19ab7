/** A split and its way back in one kind of store, with colleagues around: declared once, run for each kind. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { addresses, type Case, type Json, managed, type StateLab, type Store } from "./lab";

const minute = 60_000;

/** Everything as before the split was tried; a state without resources counts as empty. */
export async function expectUntouched(one: Case, app: Json): Promise<void> {
  const found = await one.documents();
  expect(managed(found.network)).toEqual([]);
  expect(found.app).toEqual(app);
  expect(await one.locks()).toEqual([]);
}

/** Declares the tests of one store. */
export function splitTests(lab: StateLab, newCase: (store: Store) => Promise<Case>, store: Store): void {
  describe(`with a ${store}`, () => {
    test(
      "proves without a write, then parts, and goes back",
      async () => {
        const one = await newCase(store);
        const dry = await one.split([]);
        expect([dry.exitCode, dry.stdout, dry.stderr]).toEqual([
          0,
          expect.stringContaining("no state was written"),
          expect.anything(),
        ]);
        await expectUntouched(one, lab.original);
        expect(one.proxy.writes).toEqual([]);
        expect(existsSync(one.runs)).toBe(false);

        const applied = await one.split(["--apply", "--json"]);
        expect([applied.exitCode, applied.stderr]).toEqual([0, expect.stringContaining("Backups with checksums")]);
        expect(JSON.parse(applied.stdout)).toMatchObject({ run: one.run, status: "split" });
        const { network, app } = await one.documents();
        expect(managed(network)).toEqual([...addresses.network].sort());
        expect(managed(app)).toEqual([...addresses.app].sort());
        expect(app.lineage).toBe(lab.original.lineage);
        expect(network.lineage).not.toBe(lab.original.lineage);
        expect(network.outputs).toEqual({ shared_name: { value: "/shared/a", type: "string" } });
        expect(app.serial).toBeGreaterThan(lab.original.serial);

        const again = await one.split(["--apply"]);
        expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining("split already")]);
        // The run that was refused has written nothing: its way back leaves the split alone, and says whose it is.
        const refused = readdirSync(one.runs).find((id) => id !== one.run) ?? "";
        const nothing = await one.command("rollback", [refused, "--runs", one.runs]);
        expect([nothing.exitCode, nothing.stdout, nothing.stderr]).toEqual([
          1,
          "",
          expect.stringMatching(
            new RegExp(`${refused} has written nothing.*of the run ${one.run}: bin/state/rollback`),
          ),
        ]);
        expect(await one.documents()).toEqual({ network, app });
        expect((await one.resume()).stdout).toContain("ended already");
        const back = await one.rollback();
        expect([back.exitCode, back.stdout]).toEqual([0, expect.stringContaining("as they were")]);
        const restored = await one.documents();
        expect(managed(restored.network)).toEqual([]);
        expect(restored.app.resources).toEqual(lab.original.resources);
        expect(restored.app.lineage).toBe(lab.original.lineage);
        const late = await one.resume();
        expect([late.exitCode, late.stderr]).toEqual([1, expect.stringContaining("rolled back")]);

        // Over the emptied place, a new run.
        rmSync(one.runs, { recursive: true });
        expect((await one.split(["--apply"])).exitCode).toBe(0);
      },
      10 * minute,
    );

    test(
      "a lock that a colleague holds is reported with its owner, or waited for",
      async () => {
        const one = await newCase(store);
        const colleague = await one.colleague();
        let released: Promise<void> | undefined;
        try {
          if (store !== "local") {
            const dry = await one.split([]);
            expect([dry.exitCode, dry.stderr]).toEqual([1, expect.stringMatching(/is locked by \S+@\S+ \(Operation/)]);
          }
          const refused = await one.split(["--apply"]);
          expect(refused.stderr).toMatch(/is locked by \S+@\S+ \(OperationTypeApply, since .*lock id/);
          expect(refused.exitCode).toBe(3);
          const { app, network } = await one.documents();
          expect(app).toEqual(lab.original);
          expect(managed(network)).toEqual([...addresses.network].sort());

          const waiting = one.resume(["--lock-timeout", "2m"], {
            onLine: (line) => {
              if (line.startsWith("Writing")) released = colleague.release();
            },
          });
          expect((await waiting).exitCode).toBe(0);
        } finally {
          await (released ?? colleague.release());
        }
        expect(managed((await one.documents()).app)).toEqual([...addresses.app].sort());
        expect(await one.locks()).toEqual([]);
      },
      8 * minute,
    );

    test(
      "a colleague's write between reading and writing is left alone, and everything is as it was",
      async () => {
        const one = await newCase(store);
        const theirs = {
          ...lab.original,
          serial: lab.original.serial + 1,
          outputs: { theirs: { value: "1", type: "string" } },
        };
        const result = await one.split(["--apply"], {
          onLine: (line) => {
            // The proof is made: what follows is the writing.
            if (line.startsWith("Writing") && line.includes("network")) void one.write("app", JSON.stringify(theirs));
          },
        });
        expect([result.exitCode, result.stderr]).toEqual([
          1,
          expect.stringMatching(/Somebody (else )?has written[\s\S]*as it was/),
        ]);
        const { app, network } = await one.documents();
        expect(app).toEqual(theirs);
        expect(managed(network)).toEqual([]);
      },
      6 * minute,
    );

    test(
      "after a colleague's write the way back is refused, and what they have written stays",
      async () => {
        const one = await newCase(store);
        expect((await one.split()).exitCode).toBe(0);
        const { app } = await one.documents();
        const theirs = { ...app, serial: app.serial + 1, outputs: { theirs: { value: "1", type: "string" } } };
        await one.write("app", JSON.stringify(theirs));
        const before = await one.documents();
        const refused = await one.rollback();
        expect([refused.exitCode, refused.stderr]).toEqual([
          3,
          expect.stringMatching(/Somebody else has written.*backup\/source/),
        ]);
        expect(await one.documents()).toEqual(before);
      },
      6 * minute,
    );
  });
}

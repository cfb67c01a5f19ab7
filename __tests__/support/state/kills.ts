/**
 * Kill -9 at every point, or a sample of them, of a split and of a rollback. The points are recorded from runs that nothing interrupts: each
 * file that the tool itself writes into its run's folder, and each request with which Terraform changes the store. Each
 * point is tried, before and after, and from each the way forward and the way back.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../../lib/run-process";
import { project } from "../project";
import {
  addresses,
  type Case,
  type CommandOptions,
  type Json,
  managed,
  type Snapshot,
  StateLab,
  type Store,
} from "./lab";

const minute = 60_000;

/** What must be the same in the end: everything but serial, writer, and the lineage that a new state is given. */
function content(document: Json | undefined): Json {
  const { outputs = {}, resources = [] } = document ?? {};
  return resources.length === 0 ? { resources: [] } : { outputs, resources };
}

async function contents(one: Case): Promise<{ network: Json; app: Json }> {
  const { network, app } = await one.documents();
  return { network: content(network), app: content(app) };
}

type Command = (options: CommandOptions) => Promise<RunResult>;

/** How to bring a case to the point from which a phase starts, and what runs there. */
interface Phase {
  readonly start: Snapshot;
  readonly command: (one: Case) => Command;
  /** The ways to go on from a kill: a rollback that was begun only goes back. */
  readonly ways: readonly ("resume" | "rollback")[];
  /** How many of its own writes belong to the phase. @default all */
  readonly ownWrites?: number;
}

type PhaseName = "up to the proof" | "from the proof on" | "on the way back";

export interface KillTests {
  readonly store: Store;
  /** Of the points, each so-manyth is tried. @default 1: every point */
  readonly every?: number;
}

/** Declares the tests of one store. */
export function killTests({ store, every = 1 }: KillTests): void {
  const tally = { kills: 0, comparedStates: 0, leftLocks: 0, points: {} as Record<string, number> };

  const which = every === 1 ? "every point" : `every ${every}th point`;

  describe(`killed, with a ${store}`, () => {
    const lab = new StateLab();
    const figures = join(project, "artifacts", "state");
    let original: { network: Json; app: Json };
    let bothStates: { network: Json; app: Json };
    /** By the place at which their snapshots were taken. */
    const phases = new Map<Case, Record<PhaseName, Phase>>();

    /** Cases share one place each, so that a snapshot of one fits the others: one after the other at each place. */
    const places = 3;
    const free: Case[] = [];

    beforeAll(async () => {
      await lab.start();
    }, 2 * minute);

    afterAll(async () => {
      for (const one of free) await one.close();
      await lab.stop();
      mkdirSync(figures, { recursive: true });
      writeFileSync(join(figures, `kills-${store.replace(" ", "-")}-${every}.json`), JSON.stringify(tally, null, 2));
    });

    /** From the point at which a run was killed: nothing is lost, and the way leads to its end. */
    async function goOn(one: Case, way: "resume" | "rollback", where: string): Promise<void> {
      const complain = (what: string, result?: RunResult) =>
        new Error(
          `${where}, then ${way}: ${what}${result === undefined ? "" : `: ${result.exitCode} ${result.stderr}`}`,
        );
      const wasRecorded = one.run !== "";
      let result = await one[way]();
      if (!wasRecorded) {
        if (result.exitCode !== 1 || !/There is no run/.test(result.stderr))
          throw complain("a run that is none", result);
        return;
      }
      const isLocked = /locked by .*by this run, when it was killed/.test(result.stderr);
      if (isLocked) {
        tally.leftLocks += 1;
        if (result.exitCode !== 3 || !/--unlock/.test(result.stderr) || !/force-unlock \S+/.test(result.stderr)) {
          throw complain("a lock of our own", result);
        }
        if ((await one.locks()).length === 0) throw complain("the lock was taken off unasked", result);
        result = await one[way](["--unlock"]);
      }
      if (result.exitCode !== 0) throw complain("failed", result);
      const expected = way === "resume" ? bothStates : original;
      const found = await contents(one);
      tally.comparedStates += 2;
      if (JSON.stringify(found) !== JSON.stringify(expected)) throw complain(`other states: ${JSON.stringify(found)}`);
      if ((await one.documents()).app.lineage !== lab.original.lineage) throw complain("the app's lineage");
      if ((await one.locks()).length > 0) throw complain("a lock was left");
    }

    async function refuseLosses(one: Case, where: string): Promise<void> {
      const { network, app } = await one.documents();
      const held = new Set([...managed(network), ...managed(app)]);
      const lost = [...addresses.network, ...addresses.app].filter((address) => !held.has(address));
      if (lost.length > 0) throw new Error(`${where}: in neither state: ${lost.join(", ")}`);
    }

    /** Tries one point; the snapshot's place is the case's. */
    async function tryPoint(
      one: Case,
      phase: Phase,
      kill: (run: Command) => Promise<void>,
      where: string,
    ): Promise<void> {
      await one.restore(phase.start);
      await kill(phase.command(one));
      tally.kills += 1;
      await refuseLosses(one, where);
      const killed = await one.snapshot();
      for (const [index, way] of phase.ways.entries()) {
        if (index > 0) await one.restore(killed);
        await goOn(one, way, where);
      }
    }

    async function everyPoint(name: PhaseName): Promise<string[]> {
      const failures: string[] = [];
      const tried = new Set<string>();
      const queue: { where: string; run: (one: Case) => Promise<void> }[] = [];
      // What an uninterrupted run does.
      const [first] = free as [Case];
      const phase = phaseAt(first, name);
      await first.restore(phase.start);
      const writesBefore = first.proxy.writes.length;
      const recorded = await first.recorded(phase.command(first));
      if (recorded.result.exitCode !== 0) throw new Error(`${name}, uninterrupted: ${recorded.result.stderr}`);
      const points = recorded.points.slice(0, phase.ownWrites);
      // Before the proof Terraform writes nothing.
      const writes = phase.ownWrites === undefined ? first.proxy.writes.slice(writesBefore) : [];

      const enqueue = (where: string, kill: (one: Case, run: Command) => Promise<void>) => {
        const run = async (one: Case) => {
          await tryPoint(one, phaseAt(one, name), (command) => kill(one, command), where);
          tried.add(where);
        };
        queue.push({ where, run });
      };
      for (const moment of ["before", "after"] as const) {
        for (const point of points) {
          const where = `${name}: ${moment} own write ${point}`;
          enqueue(where, async (one, run) => {
            const { exitCode } = await one.killedAt(`${point.split(" ")[0]}:${moment}`, run);
            if (exitCode < 128) throw new Error(`${where}: was not killed (${exitCode})`);
          });
        }
        for (const [index, { what }] of writes.entries()) {
          const where = `${name}: ${moment} Terraform's ${index} ${what.replace(/case-\d+/, "CASE")}`;
          enqueue(where, async (one, run) => {
            const from = one.proxy.writes.length;
            let killed = false;
            one.proxy.onWrite = (write, at) => {
              if (write.index !== from + index || at !== moment) return undefined;
              killed = true;
              one.killEverything();
              return "drop";
            };
            await run({});
            one.proxy.onWrite = () => undefined;
            if (!killed) throw new Error(`${where}: was not reached`);
          });
        }
      }
      // Each so-manyth, the first and the last among them.
      const sampled = queue.filter((_, index) => index % every === 0 || index === queue.length - 1);
      const expected = sampled.map(({ where }) => where);
      tally.points[`${store}, ${name}`] = sampled.length;
      await Promise.all(
        free.map(async (one) => {
          for (let next = sampled.shift(); next !== undefined; next = sampled.shift()) {
            await next.run(one).catch((error: Error) => failures.push(error.message));
          }
        }),
      );
      failures.push(...expected.filter((where) => !tried.has(where)).map((where) => `not tried to its end: ${where}`));
      return failures;
    }

    function phaseAt(one: Case, name: PhaseName): Phase {
      const phase = phases.get(one)?.[name];
      if (phase === undefined) throw new Error(`${name} is not prepared`);
      return phase;
    }

    test(
      "an uninterrupted split, and its rollback",
      async () => {
        for (let index = 0; index < places; index += 1) free.push(await lab.newCase(store));
        await Promise.all(
          free.map(async (one) => {
            const asked = await one.snapshot();
            const { result, points } = await one.recorded((options) => one.split(["--apply"], options));
            if (result.exitCode !== 0) throw new Error(result.stderr);
            const split = await one.snapshot();
            bothStates ??= await contents(one);
            expect(await contents(one)).toEqual(bothStates);
            expect((await one.rollback()).exitCode).toBe(0);
            original ??= await contents(one);
            expect(await contents(one)).toEqual(original);
            expect(original).toEqual({ network: { resources: [] }, app: content(lab.original) });

            // The proof takes longest; what comes after it starts from there.
            const proven = points.findLastIndex((point) => point.endsWith("app.tfstate")) + 1;
            await one.restore(asked);
            await one.killedAt(`${proven}:after`, (options) => one.split(["--apply"], options));
            expect(one.record.done).toBe("prove");
            const proved = await one.snapshot();
            const both = ["resume", "rollback"] as const;
            phases.set(one, {
              "up to the proof": {
                start: asked,
                ways: both,
                ownWrites: proven + 1,
                command: (at) => (options) => at.split(["--apply"], options),
              },
              "from the proof on": { start: proved, ways: both, command: (at) => (options) => at.resume([], options) },
              "on the way back": {
                start: split,
                ways: ["rollback"],
                command: (at) => (options) => at.rollback([], options),
              },
            });
          }),
        );
        expect(managed(bothStates.network)).toEqual([...addresses.network].sort());
        expect(managed(bothStates.app)).toEqual([...addresses.app].sort());
      },
      5 * minute,
    );

    // The proof knows nothing of locks: once is enough.
    if (store === "lock file") {
      test(
        `up to the proof: ${which}`,
        async () => expect(await everyPoint("up to the proof")).toEqual([]),
        20 * minute,
      );
    }

    test(
      `from the proof on: ${which}`,
      async () => expect(await everyPoint("from the proof on")).toEqual([]),
      20 * minute,
    );

    test(`on the way back: ${which}`, async () => expect(await everyPoint("on the way back")).toEqual([]), 20 * minute);
  });
}

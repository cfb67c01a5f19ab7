/** What trials leave behind, with processes that stand for theirs. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../../../lib/is-alive";
import { startOf } from "../../../../lib/process-identity";
import { TrialPlace } from "../../../../local/trial/leftovers";
import { until } from "../../../support/processes";

let project: string;
let place: TrialPlace;
const started: ChildProcess[] = [];

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "trial-place-"));
  place = new TrialPlace(project);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(project, { recursive: true, force: true });
});

function running(environment: NodeJS.ProcessEnv = {}): number {
  const child = spawn("sleep", ["600"], { env: { ...process.env, ...environment }, stdio: "ignore" });
  started.push(child);
  return child.pid ?? 0;
}

const record = () => join(place.folder, "local-aws.json");

test("a second trial is refused, with the process of the first; so is stopping it from elsewhere", async () => {
  await place.whileAlone(async () => {
    mkdirSync(place.folder);
    const refused = `A trial is running in this folder already (process ${process.pid}): wait for its end, or end it with Ctrl-C.`;
    await expect(place.whileAlone(async () => {})).rejects.toThrow(refused);
    await expect(place.stop()).rejects.toThrow(`A trial is running in this folder (process ${process.pid})`);
    expect(existsSync(place.folder)).toBe(true);
  });
});

test("a kept trial is in the way of the next, and is stopped", async () => {
  let pid = 0;
  await place.whileAlone(async () => {
    pid = running(place.marker);
    mkdirSync(place.folder);
    place.keep(pid);
  });
  await expect(place.whileAlone(async () => {})).rejects.toThrow(
    `A trial was kept (process ${pid}): stop it first with \`npm run trial -- --stop\`.`,
  );
  expect(await place.stop()).toBe("kept");
  await until(() => !isAlive(pid), "its end");
  expect(existsSync(place.folder)).toBe(false);
  await expect(place.stop()).rejects.toThrow("No trial was kept: there is nothing to stop.");
});

test("a number that was given again is nobody's to end", async () => {
  const stranger = running();
  mkdirSync(place.folder);
  writeFileSync(record(), JSON.stringify({ pid: stranger, start: `${startOf(stranger)}1` }));
  expect(await place.stop()).toBe("kept");
  expect([isAlive(stranger), existsSync(place.folder)]).toEqual([true, false]);
});

test.each(["", '{"pid":12', "null", "[]", '{"pid":"1"}', "\0\0\0\0"])(
  "a record that was cut or damaged (%j) is tolerated, and the trial found and stopped",
  async (text) => {
    const pid = running(place.marker);
    mkdirSync(place.folder);
    writeFileSync(record(), text);
    await expect(place.whileAlone(async () => {})).rejects.toThrow(`A trial was kept (process ${pid})`);
    expect(await place.stop()).toBe("kept");
    await until(() => !isAlive(pid), "its end");
  },
);

test("what a killed trial has left is ended by the next one", async () => {
  const pid = running(place.marker);
  mkdirSync(place.folder);
  mkdirSync(join(project, ".cache"));
  // Above the highest number that Linux gives.
  writeFileSync(join(project, ".cache", "trial.lock"), `${2 ** 22 + 1} then`);
  const seen = await place.whileAlone(async () => existsSync(place.folder));
  expect(seen).toBe(false);
  await until(() => !isAlive(pid), "its end");
});

test("a kept trial that has ended by itself is in nobody's way", async () => {
  mkdirSync(place.folder);
  writeFileSync(record(), JSON.stringify({ pid: 2 ** 22 + 1, start: "then" }));
  expect(await place.whileAlone(async () => existsSync(place.folder))).toBe(false);
});

test("a trial of another folder is left alone", async () => {
  const other = running({ TRIAL_FOLDER: `${place.folder}2` });
  mkdirSync(place.folder);
  expect(await place.stop()).toBe("killed");
  expect(isAlive(other)).toBe(true);
});

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { endProcesses, isSameProcess, processesWithVariable, startOf } from "../../../lib/process-identity";

const marker = randomUUID();
const started: ChildProcess[] = [];

function start(script: string): ChildProcess {
  const child = spawn("sh", ["-c", script], { env: { ...process.env, MARKED: marker }, stdio: "ignore" });
  started.push(child);
  return child;
}
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

test("a process is the same as long as it runs", async () => {
  const child = start("exec sleep 60");
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  const began = startOf(pid) ?? "";
  expect(began).not.toBe("");
  expect([isSameProcess(pid, began), isSameProcess(pid, `${began}1`), isSameProcess(process.pid, began)]).toEqual([
    true,
    false,
    false,
  ]);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect([startOf(pid), isSameProcess(pid, began)]).toEqual([undefined, false]);
});

test("processes are found by a variable and its whole value, and ended, also those that ignore it", async () => {
  const children = [start("exec sleep 60"), start("trap '' TERM; while :; do sleep 1; done")];
  await Promise.all(children.map((child) => once(child, "spawn")));
  const pids = () => processesWithVariable("MARKED", marker);
  for (const { pid } of children) expect(pids()).toContain(pid);
  expect(processesWithVariable("MARKED", marker.slice(1))).toEqual([]);
  expect(processesWithVariable("MARKED", marker.slice(0, -1))).toEqual([]);
  await endProcesses(pids(), 300);
  expect(pids()).toEqual([]);
});

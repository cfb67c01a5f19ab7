import { spawn } from "node:child_process";
import { killWithParent } from "../../../lib/kill-with-parent";

function sleeper() {
  const child = spawn("sleep", ["1000"], { stdio: "ignore" });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { child, exited, end: killWithParent(() => child.kill("SIGKILL"), exited) };
}

test("it is killed when told to, and the parent forgets it", async () => {
  const before = process.listeners("exit");
  const { child, end } = sleeper();
  await end();
  expect(child.signalCode).toBe("SIGKILL");
  expect(process.listeners("exit")).toEqual(before);
});

test("it is killed when the parent ends", async () => {
  const { child, exited, end } = sleeper();
  process.listeners("exit").at(-1)?.(0);
  await exited;
  expect(child.signalCode).toBe("SIGKILL");
  await end();
});

test("ending one that has ended is nothing", async () => {
  const { child, exited, end } = sleeper();
  child.kill("SIGTERM");
  await exited;
  await end();
  expect(child.signalCode).toBe("SIGTERM");
});

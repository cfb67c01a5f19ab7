/** The pseudo-terminal of cdktf-cli gives all that a process wrote, however busy its reader is. */
import { createRequire } from "node:module";

interface Pty {
  destroy(): void;
  onData(listener: (text: string) => void): void;
  onExit(listener: (end: { readonly exitCode: number }) => void): void;
}
// As cdktf-cli finds it.
const { spawn } = createRequire(require.resolve("@cdktf/cli-core"))("@cdktf/node-pty-prebuilt-multiarch") as {
  spawn(file: string, args: readonly string[], options: object): Pty;
};

/** Keeps the event loop busy for 250 ms of each turn, as drawing does on a loaded machine. */
function busyLoop(): () => void {
  let busy = true;
  const turn = () => {
    const until = Date.now() + 250;
    while (Date.now() < until);
    if (busy) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    busy = false;
  };
}

test("the last words of a process are read, though the reader is busy when it ends", async () => {
  const rest = busyLoop();
  try {
    let read = "";
    const script =
      'for (let i = 1; i <= 200; i++) console.log(`line ${i} ${".".repeat(80)}`); console.log("last words")';
    const exitCode = await new Promise<number>((resolve) => {
      const terminal = spawn(process.execPath, ["-e", `${script}; process.exitCode = 3`], { cols: 120, rows: 30 });
      terminal.onData((text) => {
        read += text;
      });
      terminal.onExit((end) => resolve(end.exitCode));
    });
    expect(exitCode).toBe(3);
    expect(read.match(/^line \d+/gm)).toHaveLength(200);
    expect(read).toContain("last words");
  } finally {
    rest();
  }
});

test("a terminal that is given up is gone, though its process goes on writing", async () => {
  const terminal = spawn("sh", ["-c", "while :; do echo again; done"], { cols: 80, rows: 30 });
  await new Promise<void>((resolve) => terminal.onData(() => resolve()));
  const ended = new Promise((resolve) => terminal.onExit(resolve));
  terminal.destroy();
  await ended;
});

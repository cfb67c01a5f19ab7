/** A command on a terminal of its own, as a person at it has it. */
import { createRequire } from "node:module";
import { until } from "./processes";

interface Pty {
  readonly pid: number;
  write(text: string): void;
  onData(listener: (text: string) => void): void;
  onExit(listener: (end: { readonly exitCode: number }) => void): void;
}

// It comes with cdktf-cli.
const { spawn } = createRequire(require.resolve("@cdktf/cli-core"))("@cdktf/node-pty-prebuilt-multiarch") as {
  spawn(file: string, args: readonly string[], options: object): Pty;
};

export interface Terminal {
  readonly pid: number;
  /** Everything that was shown. */
  readonly shown: () => string;
  /** Waits until something is shown. @throws Error with all that it shows, where it ends before */
  readonly sees: (text: string | RegExp, limitMs?: number) => Promise<void>;
  readonly types: (text: string) => void;
  readonly ended: Promise<number>;
}

export const ctrlC = "\u0003";

export function onTerminal(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Terminal {
  // It takes undefined for a text.
  const env = Object.fromEntries(Object.entries(options.env).filter(([, value]) => value !== undefined));
  const pty = spawn(file, args, { cols: 200, rows: 50, cwd: options.cwd, env });
  let shown = "";
  pty.onData((text) => (shown += text));
  let code: number | undefined;
  const ended = new Promise<number>((resolve) =>
    pty.onExit(({ exitCode }) => {
      code = exitCode;
      resolve(exitCode);
    }),
  );
  return {
    pid: pty.pid,
    shown: () => shown,
    sees: async (text, limitMs) => {
      const isSeen = () => (typeof text === "string" ? shown.includes(text) : text.test(shown));
      // Whoever has ended shows nothing more.
      await until(() => isSeen() || code !== undefined, `${text}`, limitMs).catch((error: Error) => {
        throw new Error(`${error.message}, but it shows:\n${shown}`);
      });
      if (!isSeen()) throw new Error(`It ended with ${code} before it showed ${text}:\n${shown}`);
    },
    types: (text) => pty.write(text),
    ended,
  };
}

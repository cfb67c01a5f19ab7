import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../lib/run-process";
import { project } from "./project";

/** An npm script that renders a file into a folder, as a user calls it. */
export function rendering(script: string, fileName: string) {
  const folder = mkdtempSync(join(tmpdir(), "render-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let folders = 0;

  const newFolder = (): string => {
    folders += 1;
    return join(folder, `out-${folders}`);
  };
  const render = (args: readonly string[], settings: NodeJS.ProcessEnv = {}) =>
    runProcess("npm", ["run", "--silent", script, "--", ...args], {
      cwd: project,
      environment: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    });

  return {
    folder,
    newFolder,
    render,

    /** @returns the file, the only one in a new folder */
    async rendered(args: readonly string[], settings: NodeJS.ProcessEnv): Promise<string> {
      const out = newFolder();
      const file = join(out, fileName);
      expect(await render(["--out", out, ...args], settings)).toEqual({
        exitCode: 0,
        stdout: `Rendered ${file}\n`,
        stderr: "",
      });
      expect(readdirSync(out)).toEqual([fileName]);
      return file;
    },

    async expectRefused(args: (out: string) => readonly string[], message: string): Promise<void> {
      const out = newFolder();
      const { exitCode, stdout, stderr } = await render(args(out));
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(existsSync(out)).toBe(false);
    },
  };
}

/** A project that tools/run.mjs runs, small enough for its cache to be damaged many times. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { project } from "./project";

export class SmallProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "run-")));
  readonly cache = join(this.folder, "node_modules", ".cache", "cruddur");

  constructor() {
    for (const file of ["tools/run.mjs", "lib/write-whole.js"]) cpSync(join(project, file), join(this.folder, file));
    mkdirSync(join(this.folder, "node_modules"));
    for (const name of ["esbuild", "@esbuild", "compare-versions"]) {
      symlinkSync(join(project, "node_modules", name), join(this.folder, "node_modules", name));
    }
    this.write("package.json", '{"engines":{"node":">=20.9"}}');
    this.write("node_modules/greeting/package.json", '{"name":"greeting","version":"1.0.0","main":"index.js"}');
    this.write("node_modules/greeting/index.js", 'exports.greeting = (name) => ["hello", name].join(" ");');
    this.write("entry.ts", 'import { greeting } from "greeting";\nconsole.log(greeting("world"));');
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** @returns [exit code, or the signal that ended it; standard output; standard error] */
  run(): [number | NodeJS.Signals | null, string, string] {
    const { status, signal, stdout, stderr } = spawnSync("node", ["tools/run.mjs", "entry.ts"], {
      cwd: this.folder,
      encoding: "utf8",
    });
    return [status ?? signal, stdout, stderr];
  }

  cached(): string[] {
    return readdirSync(this.cache).sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The team's own files, from which drafts are called. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../lib/user-error";
import type { StackId } from "../split-state";

export interface DraftFile {
  /** From the project's folder. */
  readonly file: string;
  readonly className: string;
  readonly id: string;
}

/** A file that isn't there yet, and the class in it. */
export function freeFile(project: string, stack: StackId): DraftFile {
  const name = stack === "app" ? "App" : "Network";
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? "" : String(count);
    const file = join("additions", `adopted-${stack}${suffix === "" ? "" : `-${suffix}`}.ts`);
    if (!existsSync(join(project, file))) return { file, className: `Adopted${name}${suffix}`, id: `Adopted${suffix}` };
  }
}

/** The team's file with the call in it. @throws UserError where there is no place for it */
export function withCall(text: string, file: string, stack: StackId, made: DraftFile, takesStack: boolean): string {
  const call = `new ${made.className}(this, "${made.id}"${takesStack ? `, ${stack}` : ""});`;
  const superCall = /^( *)super\(.*\);$/m;
  if (!superCall.test(text)) {
    throw new UserError(
      `${file} has no constructor with a super(…) line of its own, so the drafts can't be called there: make its class as docs/additions.md shows it.`,
    );
  }
  const imported = `import { ${made.className} } from "./${made.file.replace(/^additions[/\\]/, "").replace(/\.ts$/, "")}";\n`;
  const imports = [...text.matchAll(/^import .*\n/gm)];
  const last = imports.at(-1);
  const at = last === undefined ? 0 : (last.index ?? 0) + last[0].length;
  return (text.slice(0, at) + imported + text.slice(at)).replace(
    superCall,
    (line, indent) => `${line}\n${indent}${call}`,
  );
}

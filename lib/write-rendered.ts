import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "./user-error";
import { writeWhole } from "./write-whole";

/**
 * Writes a rendered file, for a command's `--out` or another option: whole or not at all. Its folder is made where only that is
 * missing.
 * @returns the file. @throws UserError where it can't be written
 */
export function writeRendered(file: string, text: string, option = "--out"): string {
  const folder = dirname(file);
  try {
    if (!existsSync(folder)) mkdirSync(folder);
    writeWhole(file, text, { mode: 0o666 });
    return file;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${file} can't be written (${code}): give a folder that can be with ${option}.`);
  }
}

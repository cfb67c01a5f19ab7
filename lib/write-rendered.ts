import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "./user-error";

/**
 * Writes a rendered file, for the command's `--out`: whole or not at all. The folder is made where only it is missing.
 * @returns the file. @throws UserError where it can't be written
 */
export function writeRendered(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  const unfinished = `${file}.${process.pid}`;
  try {
    if (!existsSync(folder)) mkdirSync(folder);
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
    return file;
  } catch (error) {
    // Where the file's place is taken or the disk is full.
    if (existsSync(unfinished)) rmSync(unfinished);
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${file} can't be written (${code}): give a folder that can be with --out.`);
  }
}

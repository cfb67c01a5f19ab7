import { UserError } from "./user-error";

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ["there is no space left on the disk", "make room"],
  EDQUOT: ["there is no space left in the quota", "make room"],
  EACCES: ["permission is denied", "run it as the folder's user"],
  EPERM: ["permission is denied", "run it as the folder's user"],
  EROFS: ["the file system is read-only", "write to another one"],
  ENOTDIR: ["a file is where a folder belongs", "move that file away"],
};

/**
 * What the disk refuses is no fault of the program's.
 * @param otherwise what else the user can do: `name another folder with --runs`
 * @returns undefined for any other error
 */
export function diskUserError(error: unknown, otherwise?: string): UserError | undefined {
  const { code = "", path } = (error ?? {}) as NodeJS.ErrnoException;
  const [reason, advice] = reasons[code] ?? [];
  if (reason === undefined || advice === undefined) return undefined;
  return new UserError(
    `${path ?? "A file"} can't be written: ${reason}: ${[advice, otherwise].filter(Boolean).join(", or ")}.`,
  );
}

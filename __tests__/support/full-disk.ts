/** Disks with faults, where the tests run as root on Linux, as they do in CI's container. */
import { execFileSync } from "node:child_process";

const canMount = process.platform === "linux" && process.getuid?.() === 0 && mounts();

function mounts(): boolean {
  try {
    // A mount in a namespace of its own is seen by nobody, and gone with its process.
    execFileSync("unshare", ["--mount", "sh", "-c", "mount -t tmpfs -o size=16k tmpfs /mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A test that is left out where nothing can be mounted. */
export const ifMounting = (name: string, run: () => unknown, timeout?: number): void => {
  if (canMount) test(name, run as () => void, timeout);
};

/** Puts a small file system over a folder, or changes the one that is there (`remount`). @returns takes it away */
export function mountSmall(folder: string, options: string): () => void {
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  return () => execFileSync("umount", ["-l", folder]);
}

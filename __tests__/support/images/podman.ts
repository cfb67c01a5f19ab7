import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface PodmanOptions {
  /** Hosts without TLS: names of registries, and where each really is. */
  readonly registries: Readonly<Record<string, string>>;
}

/**
 * The environment in which podman keeps everything (images, logins, runtime files) in one folder, and needs no more of
 * the machine than root has in a container: no overlay mounts, no namespaces.
 */
export function podmanEnvironment(folder: string, { registries }: PodmanOptions): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const storage = `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/root"\nrunroot = "${folder}/run"\n`;
  const known = Object.entries(registries).map(
    ([name, location]) => `[[registry]]\nprefix = "${name}"\nlocation = "${location}"\ninsecure = true\n`,
  );
  return {
    CONTAINERS_STORAGE_CONF: file("storage.conf", storage),
    CONTAINERS_CONF: file("containers.conf", '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\n'),
    CONTAINERS_REGISTRIES_CONF: file("registries.conf", known.join("")),
    REGISTRY_AUTH_FILE: file("auth.json", "{}"),
    BUILDAH_ISOLATION: "chroot",
  };
}

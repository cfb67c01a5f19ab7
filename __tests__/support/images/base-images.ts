/**
 * What stands in for the base images of the Dockerfiles, which can't be pulled where the tests run: their programs, taken from
 * this machine, under their names. So a Dockerfile is built as it is, each RUN by the real Node or nginx.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { runProcess } from "../../../lib/run-process";

/** A root file system with these programs and the libraries that they load. */
export async function rootOf(folder: string, programs: readonly string[]): Promise<void> {
  for (const below of ["bin", "etc", "lib64", "tmp", "usr/bin", "usr/sbin", "var/lib/apt/lists", "var/log"]) {
    mkdirSync(join(folder, below), { recursive: true });
  }
  chmodSync(join(folder, "tmp"), 0o1777);
  const found = await runProcess("sh", ["-c", 'for name in "$@"; do command -v "$name"; done', "sh", ...programs]);
  const paths = found.stdout.split("\n").filter((path) => path.startsWith("/"));
  const libraries = await runProcess(
    "ldd",
    paths.map((path) => realpathSync(path)),
  );
  const needed = libraries.stdout.split("\n").flatMap((line) => /^\s.*?(\/\S+) \(/.exec(line)?.[1] ?? []);
  for (const file of new Set([...paths, ...needed])) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    copyFileSync(realpathSync(file), join(folder, file));
  }
  if (!existsSync(join(folder, "bin/sh"))) symlinkSync("../usr/bin/sh", join(folder, "bin/sh"));
  writeFileSync(join(folder, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnginx:x:101:101:nginx:/:/bin/sh\n");
  writeFileSync(join(folder, "etc/group"), "root:x:0:\nnginx:x:101:\n");
  for (const file of ["/etc/ssl/certs/ca-certificates.crt", "/etc/nsswitch.conf"].filter((one) => existsSync(one))) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    copyFileSync(file, join(folder, file));
  }
}

const shell = ["sh", "cp", "mkdir", "rm", "cat", "env", "sed", "chmod"];

async function nodeRoot(folder: string): Promise<void> {
  await rootOf(folder, [...shell, "node"]);
  const npm = (await runProcess("sh", ["-c", "command -v npm"])).stdout.trim();
  const packaged = dirname(dirname(realpathSync(npm)));
  cpSync(packaged, join(folder, "usr/lib/node_modules", basename(packaged)), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(folder, "usr/bin/npm"));
}

async function nginxRoot(folder: string): Promise<void> {
  await rootOf(folder, [...shell, "nginx", "curl", "setcap"]);
  mkdirSync(join(folder, "etc/nginx"), { recursive: true });
  copyFileSync("/etc/nginx/mime.types", join(folder, "etc/nginx/mime.types"));
  mkdirSync(join(folder, "usr/share/nginx/html"), { recursive: true });
  // What would be installed is there.
  writeFileSync(join(folder, "usr/bin/apt-get"), "#!/bin/sh\n", { mode: 0o755 });
}

const kinds: readonly (readonly [RegExp, (folder: string) => Promise<void>])[] = [
  [/^node:/, nodeRoot],
  [/^nginx:/, nginxRoot],
];

/** Makes each base image that a Dockerfile names. @param environment of podman */
export async function makeBaseImages(
  dockerfile: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const names = new Set(
    [...dockerfile.matchAll(/^FROM docker\.io\/library\/(\S+:\S+)/gm)].map(([, name = ""]) => name),
  );
  for (const name of names) {
    const [, make] = kinds.find(([pattern]) => pattern.test(name)) ?? [];
    if (make === undefined) throw new Error(`Nothing stands in for ${name}`);
    const context = join(folder, name.replace(/\W/g, "-"));
    mkdirSync(join(context, "root"), { recursive: true });
    await make(join(context, "root"));
    const certificates = "ENV NPM_CONFIG_CAFILE=/etc/ssl/certs/ca-certificates.crt HOME=/root\n";
    writeFileSync(join(context, "Dockerfile"), `FROM scratch\nCOPY root /\n${certificates}`);
    const { exitCode, stderr } = await runProcess("podman", ["build", "--tag", `docker.io/library/${name}`, context], {
      environment,
    });
    if (exitCode !== 0) throw new Error(stderr);
  }
}

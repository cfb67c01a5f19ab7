/**
 * The base images of the Dockerfiles under their exact names, for machines that reach no registry of images: Debian's packages
 * and the programs themselves (Node of this machine, Envoy from PyPI, the collector as the project builds it). Made once, into a
 * store of images that engines only read.
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { alone } from "../../../lib/alone";
import { runProcess } from "../../../lib/run-process";
import { collectorCommand } from "../../../local/collector/binary";
import { envoyCommand } from "../../../local/envoy/binary";
import { project } from "../project";
import { type Engine, startEngine } from "./engine";

const debian = "localhost/debian:bookworm";
/** Beside those that Debian needs: what the bases have. What Dockerfiles install (curl, setcap) isn't among them. */
const packages = ["ca-certificates", "nginx-light", "postgresql-15", "python3", "python3-pip"];
const certificates = "/etc/ssl/certs/ca-certificates.crt";

interface Base {
  /** As the Dockerfiles name it. */
  readonly name: string;
  readonly dockerfile: string;
  /** Puts into the context what the Dockerfile copies. */
  readonly fill?: (context: string) => Promise<void>;
}

async function whereIs(command: string): Promise<string> {
  const { stdout } = await runProcess("sh", ["-c", `command -v ${command}`]);
  return realpathSync(stdout.trim());
}

/** Node and npm of this machine, whichever version it is. */
const node = (name: string): Base => ({
  name,
  dockerfile: `FROM ${debian}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && groupadd --gid 1000 node && useradd --uid 1000 --gid 1000 --create-home node
CMD ["node"]`,
  fill: async (context) => {
    cpSync(await whereIs("node"), join(context, "node"));
    cpSync(dirname(dirname(await whereIs("npm"))), join(context, "npm"), { recursive: true });
  },
});

/** Runs the files of a new database, as the official image does: https://hub.docker.com/_/postgres */
const databaseEntrypoint = `#!/bin/sh
set -eu
export PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql && chown postgres:postgres "$PGDATA" /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo "$POSTGRES_PASSWORD" > /tmp/password
  initdb --no-sync --encoding=UTF8 --locale=C.UTF-8 --username="$POSTGRES_USER" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 > /dev/null
  rm /tmp/password
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  pg_ctl --wait --options "-c listen_addresses=''" start
  createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
  for file in /docker-entrypoint-initdb.d/*.sql; do
    [ ! -e "$file" ] || psql --quiet -v ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --file="$file"
  done
  pg_ctl --wait stop
fi
exec "$@"
`;

const bases: readonly Base[] = [
  node("docker.io/library/node:24.21.0-bookworm-slim"),
  node("docker.io/library/node:20.20.2-bookworm-slim"),
  {
    name: "docker.io/library/nginx:1.28.0-bookworm",
    dockerfile: `FROM ${debian}
RUN groupadd --non-unique --gid 101 nginx && useradd --non-unique --uid 101 --gid 101 --home-dir /nonexistent nginx && ln -sf /dev/stderr /var/log/nginx/error.log
EXPOSE 80
CMD ["nginx", "-g", "daemon off;"]`,
  },
  {
    name: "docker.io/library/python:3.12.10-slim-bookworm",
    dockerfile: `FROM ${debian}
RUN ln -s python3 /usr/bin/python && rm -f /usr/lib/python3*/EXTERNALLY-MANAGED
CMD ["python3"]`,
  },
  {
    name: "docker.io/library/postgres:14.6",
    dockerfile: `FROM ${debian}
COPY --chmod=755 entrypoint.sh /usr/local/bin/
RUN mkdir /docker-entrypoint-initdb.d && ln -s /usr/lib/postgresql/15/bin/postgres /usr/local/bin/
ENV PGDATA=/var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["entrypoint.sh"]
CMD ["postgres", "-c", "listen_addresses=*", "-c", "jit=off"]`,
    fill: async (context) => writeFileSync(join(context, "entrypoint.sh"), databaseEntrypoint),
  },
  {
    name: "docker.io/envoyproxy/envoy:v1.40.0",
    dockerfile: `FROM ${debian}
COPY --chmod=755 envoy /usr/local/bin/envoy
RUN groupadd --non-unique --gid 101 envoy && useradd --non-unique --uid 101 --gid 101 envoy && mkdir /etc/envoy
EXPOSE 10000
CMD ["envoy", "-c", "/etc/envoy/envoy.yaml"]`,
    fill: async (context) => cpSync(await envoyProgram(), join(context, "envoy")),
  },
  {
    name: "docker.io/otel/opentelemetry-collector:0.159.0",
    dockerfile: `FROM scratch
COPY ca-certificates.crt ${certificates}
COPY --chmod=755 otelcol /otelcol
USER 10001:10001
ENTRYPOINT ["/otelcol"]
CMD ["--config", "/etc/otelcol/config.yaml"]`,
    fill: async (context) => {
      cpSync(certificates, join(context, "ca-certificates.crt"));
      cpSync(await collectorCommand(project, () => {}), join(context, "otelcol"));
    },
  },
];

/** The program behind what PyPI's package starts it with. */
async function envoyProgram(): Promise<string> {
  const command = await envoyCommand(project);
  const { stdout } = await runProcess("find", [
    dirname(dirname(await whereIs(command))),
    "-name",
    "envoy",
    "-size",
    "+20M",
  ]);
  const [program] = stdout.split("\n");
  if (!program) throw new Error(`There is no Envoy behind ${command}`);
  return program;
}

/** A bookworm with the packages. @returns an archive of its root */
async function debianRoot(folder: string): Promise<string> {
  const archive = join(folder, "debian.tar");
  // Of what nobody reads here, LLVM is the database's compiler for queries.
  const without = ["share/doc/*", "share/man/*", "share/locale/*", "share/info/*", "lib/*/libLLVM*"];
  const { exitCode, stderr } = await runProcess("mmdebstrap", [
    "--mode=root",
    "--variant=minbase",
    `--include=${packages.join(",")}`,
    // Nobody needs it after a power cut.
    "--dpkgopt=force-unsafe-io",
    ...without.map((path) => `--dpkgopt=path-exclude=/usr/${path}`),
    '--aptopt=Acquire::Languages "none"',
    "bookworm",
    archive,
    "http://deb.debian.org/debian",
  ]);
  if (exitCode !== 0) throw new Error(`mmdebstrap made no Debian: ${stderr}`);
  return archive;
}

async function makeBases(engine: Engine, folder: string): Promise<void> {
  const context = (name: string) => {
    const made = join(folder, name.replace(/\W/g, "-"));
    mkdirSync(made);
    return made;
  };
  await engine.podman("import", "--quiet", await debianRoot(folder), "localhost/root");
  // Behind a proxy that ends TLS, builds trust what this machine trusts.
  const own = context("debian");
  cpSync(certificates, join(own, "ca-certificates.crt"));
  const trusting = ["NPM_CONFIG_CAFILE", "NODE_EXTRA_CA_CERTS", "PIP_CERT"].map((name) => `${name}=${certificates}`);
  writeFileSync(
    join(own, "Dockerfile"),
    `FROM localhost/root\nCOPY ca-certificates.crt ${certificates}\nENV ${trusting.join(" ")}\n`,
  );
  await engine.podman("build", "--quiet", "--tag", debian, own);
  for (const { name, dockerfile, fill } of bases) {
    const made = context(name);
    writeFileSync(join(made, "Dockerfile"), dockerfile);
    await fill?.(made);
    await engine.podman("build", "--quiet", "--tag", name, made);
  }
}

/** @returns the store, as `startEngine` takes it */
export async function baseImages(): Promise<string> {
  const hash = createHash("sha256").update(readFileSync(__filename)).digest("hex").slice(0, 12);
  const all = join(project, ".cache", "base-images");
  const store = join(all, hash);
  await alone(`${store}.making`, async () => {
    if (existsSync(store)) return;
    for (const old of existsSync(all) ? readdirSync(all).filter((name) => !name.startsWith(hash)) : []) {
      rmSync(join(all, old), { recursive: true, force: true });
    }
    const folder = `${store}.unfinished`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, "contexts"), { recursive: true });
    const engine = await startEngine({ folder });
    try {
      await makeBases(engine, join(folder, "contexts"));
    } finally {
      await engine.stop();
    }
    renameSync(join(folder, "root"), store);
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

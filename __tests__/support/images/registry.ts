/** A registry as ECR is one to an engine: Debian's docker-registry behind Basic auth. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { freePort } from "../../../lib/free-port";
import { untilAsync } from "../processes";

export interface Registry {
  /** `localhost:PORT`. */
  readonly host: string;
  /** Tags of a repository; none where there is no such. */
  tags(repository: string): Promise<string[]>;
  /** The digest of what a tag names. */
  digest(repository: string, tag: string): Promise<string | null>;
  stop(): Promise<void>;
}

/** @param password what the user AWS logs in with */
export async function startRegistry(folder: string, password: string): Promise<Registry> {
  const inner = await freePort();
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, "registry.yml");
  writeFileSync(
    configuration,
    JSON.stringify({
      version: 0.1,
      storage: { filesystem: { rootdirectory: join(folder, "data") } },
      http: { addr: `127.0.0.1:${inner}`, relativeurls: true },
    }),
  );
  const child = spawn("docker-registry", ["serve", configuration], { stdio: "ignore" });
  const door = await startDoor(inner, `Basic ${Buffer.from(`AWS:${password}`).toString("base64")}`);
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${inner}/v2/${path}`, { headers });
  const registry: Registry = {
    host: `localhost:${(door.address() as AddressInfo).port}`,
    tags: async (repository) =>
      ((await (await get(`${repository}/tags/list`)).json()) as { tags?: string[] }).tags?.sort() ?? [],
    digest: async (repository, tag) => {
      const accept = [
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
      ];
      return (await get(`${repository}/manifests/${tag}`, { accept: accept.join(", ") })).headers.get(
        "docker-content-digest",
      );
    },
    stop: async () => {
      door.closeAllConnections();
      door.close();
      await ended(child);
    },
  };
  const answers = async () => (await get("").catch(() => undefined))?.status === 200;
  await untilAsync(answers, "docker-registry answers").catch(async (error) => {
    await registry.stop();
    throw error;
  });
  return registry;
}

/** Lets in whoever knows the password, and says what ECR says to others. */
async function startDoor(port: number, authorization: string): Promise<Server> {
  const server = createServer((incoming, answer) => {
    if (incoming.headers.authorization !== authorization) {
      answer.writeHead(401, { "www-authenticate": 'Basic realm="registry",service="ecr.amazonaws.com"' });
      answer.end("Not Authorized\n");
      return;
    }
    const { method, url: path, headers } = incoming;
    const forwarded = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    forwarded.on("error", () => answer.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await end;
}

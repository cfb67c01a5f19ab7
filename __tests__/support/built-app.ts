/** The sample app in the frontend's image, as a team makes it: with its own files in the way, by bin/build-push. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, runProcess } from "../../lib/run-process";
import { makeBaseImages } from "./images/base-images";
import { podmanEnvironment } from "./images/podman";
import { startRegistry } from "./images/registry";
import { project } from "./project";

export interface BuiltApp {
  /** Of build-push. */
  readonly result: RunResult;
  /** The image's nginx.conf. */
  readonly configuration: string;
  /** A folder with the image's site. */
  readonly html: string;
}

const image = join(project, "frontend", "image");

/** @param theirs files that the team has beside the sample's, by path */
export async function buildApp(
  folder: string,
  domain: string,
  theirs: Readonly<Record<string, string>>,
): Promise<BuiltApp> {
  const app = join(folder, "app");
  cpSync(join(project, "__tests__", "fixtures", "frontend-app"), app, { recursive: true });
  for (const [path, text] of Object.entries(theirs)) writeFileSync(join(app, path), text);
  // As docs/frontend.md says.
  cpSync(image, app, { recursive: true });

  const registry = await startRegistry(join(folder, "registry"), "secret");
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    ...podmanEnvironment(join(folder, "podman"), { registries: { [registry.host]: registry.host } }),
    // Each layer is a copy of all below it: one is enough.
    BUILDAH_LAYERS: "false",
    DOCKER: "podman",
    AWS_REGION: "eu-central-1",
    CRUDDUR_IMAGES_REGISTRY: registry.host,
    TF_VAR_cruddur_dns_name: domain,
    TF_VAR_cognito_user_pool_id: "eu-central-1_AbCdEf123",
    TF_VAR_cognito_user_pool_client_id: "7lhlkkfbfb4q5kpp90urffao",
  };
  try {
    const podman = async (args: readonly string[], input?: string) => {
      const { exitCode, stdout, stderr } = await runProcess("podman", args, { environment, input });
      if (exitCode !== 0) throw new Error(stderr);
      return stdout.trim();
    };
    await makeBaseImages(readFileSync(join(image, "Dockerfile.prod"), "utf8"), join(folder, "bases"), environment);
    await podman(["login", "--username", "AWS", "--password-stdin", registry.host], "secret");
    const result = await runProcess(join(project, "bin/build-push"), ["frontend", "--context", app], {
      cwd: folder,
      environment,
    });
    if (result.exitCode !== 0) return { result, configuration: "", html: "" };
    const container = await podman(["create", `${registry.host}/frontend-react-js:latest`]);
    mkdirSync(join(folder, "image"));
    await podman(["cp", `${container}:/etc/nginx/nginx.conf`, join(folder, "image", "nginx.conf")]);
    await podman(["cp", `${container}:/usr/share/nginx/html`, join(folder, "image")]);
    return {
      result,
      configuration: readFileSync(join(folder, "image", "nginx.conf"), "utf8"),
      html: join(folder, "image", "html"),
    };
  } finally {
    await registry.stop();
  }
}

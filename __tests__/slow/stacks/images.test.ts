import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { addressRegister } from "../../../constructs/terraform/addressed-stack";
import { addStacks } from "../../../stacks";
import { synthesizeStacks } from "../../../stacks/synthesize";
import { defaultSettings, SynthesizedStack } from "../../../tools/testing";
import { project } from "../../support/project";

const root = mkdtempSync(join(tmpdir(), "images-stack-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The team's checkout. */
const team = join(root, "team");
for (const name of ["backend-flask", "frontend-react-js"]) {
  mkdirSync(join(team, name), { recursive: true });
  writeFileSync(join(team, name, "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(team, name, "Dockerfile.prod"), "FROM scratch\nCOPY app /\n");
  writeFileSync(join(team, name, "app"), name);
}
const contexts = { backendFlask: join(team, "backend-flask"), frontend: join(team, "frontend-react-js") };

let made = 0;
function synthesized(images: object = {}, more: object = {}) {
  made += 1;
  const outdir = join(root, `out-${made}`);
  const stacks = synthesizeStacks(project, defaultSettings({ ...more, images }), outdir);
  const stack = (id: string) => {
    const folder = stacks.find((one) => one.id === id)?.folder ?? "";
    return new SynthesizedStack(id, readFileSync(join(folder, "cdk.tf.json"), "utf8"));
  };
  return { ids: stacks.map(({ id }) => id), stack, folder: join(outdir, "stacks", "images"), outdir };
}

const registry = "${data.aws_caller_identity.current.account_id}.dkr.ecr.${data.aws_region.current.name}.amazonaws.com";
const tagIn = (name: string) => name.slice(name.lastIndexOf(":") + 1);

describe("the images stack", () => {
  test("is there only when it is switched on, and then leaves the others as they are", () => {
    const [off, on] = [synthesized(), synthesized({ enabled: true, ...contexts })];
    expect([off.ids, on.ids]).toEqual([
      ["network", "app"],
      ["network", "app", "images"],
    ]);
    expect(existsSync(off.folder)).toBe(false);
    for (const id of ["network", "app"]) {
      const [one, other] = [off, on].map(({ stack }) => ({ ...stack(id).json, terraform: undefined }));
      expect(one).toEqual(other);
      expect(on.stack(id).json.terraform.required_providers).not.toHaveProperty("docker");
    }
  });

  const { stack, folder } = synthesized({ enabled: true, ...contexts });
  const images = stack("images");

  test("builds and pushes each repository's image, under its hash and the tag that is deployed", () => {
    const names = ["authz", "backend_flask", "cruddur_python", "envoy", "frontend_react_js", "otel_collector"];
    expect(images.managed()).toEqual([
      ...names.map((name) => `docker_image.${name}`),
      ...names
        .flatMap((name) => (name === "cruddur_python" ? [name] : [name, `${name}_deployed`]))
        .map((name) => `docker_registry_image.${name}`),
      ...names.map((name) => `docker_tag.${name}`),
    ]);
    const image = images.resource("docker_image.authz");
    expect(image).toMatchObject({
      name: expect.stringMatching(/\/authz:[0-9a-f]{16}$/),
      build: {
        context: expect.stringMatching(/^contexts\/authz-/),
        dockerfile: "authz/Dockerfile",
        platform: "linux/amd64",
      },
      keep_locally: true,
    });
    expect(image.name.startsWith(`${registry}/`)).toBe(true);
    expect(images.resource("docker_tag.authz")).toMatchObject({
      source_image: "${docker_image.authz.name}",
      target_image: `${registry}/authz:latest`,
      tag_triggers: [tagIn(image.name), "${docker_image.authz.image_id}"],
    });
    expect(images.resource("docker_tag.envoy").target_image).toBe(`${registry}/envoy:dns-family-v4`);
    expect(images.resource("docker_image.backend_flask").depends_on).toEqual(["docker_registry_image.cruddur_python"]);
    expect(images.resource("docker_image.backend_flask").build.dockerfile).toBe("Dockerfile.prod");
  });

  test("never deletes what was pushed", () => {
    for (const [name, image] of Object.entries(images.json.resource.docker_registry_image)) {
      expect([name, image]).toEqual([name, expect.objectContaining({ keep_remotely: true })]);
    }
  });

  test("mirrors the base image under its own tag", () => {
    expect(images.resource("docker_image.cruddur_python")).toMatchObject({
      name: "python:3.10-slim-buster",
      platform: "linux/amd64",
    });
    expect(images.resource("docker_tag.cruddur_python").target_image).toBe(
      `${registry}/cruddur-python:3.10-slim-buster`,
    );
  });

  test("gives the frontend its build arguments, and hashes them with the content when Terraform knows them", () => {
    expect(images.resource("docker_image.frontend_react_js").build.build_args).toEqual({
      AWS_REGION: "${data.aws_region.current.name}",
      AWS_USER_POOLS_ID: "${var.cognito_user_pool_id}",
      AWS_USER_POOLS_WEB_CLIENT_ID: "${var.cognito_user_pool_client_id}",
      BACKEND_URL: "https://api.${var.cruddur_dns_name}",
      OTEL_COLLECTOR_URL: "https://otel-collector.${var.cruddur_dns_name}",
    });
    expect(images.resource("docker_image.frontend_react_js").name).toBe(
      `${registry}/frontend-react-js:\${local.frontend_react_js_tag}`,
    );
    expect(images.json.locals.frontend_react_js_tag).toMatch(
      /^\$\{substr\(sha256\(jsonencode\(\["[0-9a-f]{64}","AWS_REGION=\$\{data\.aws_region\.current\.name\}",.*\]\)\), 0, 16\)\}$/,
    );
  });

  test("is logged in by ECR's token, which stands in no file", () => {
    expect(images.json.provider.docker).toEqual([
      {
        registry_auth: [
          {
            address: registry,
            username: "${data.aws_ecr_authorization_token.current_registry.user_name}",
            password: "${data.aws_ecr_authorization_token.current_registry.password}",
          },
        ],
      },
    ]);
  });

  test("has its contexts beside its file, and nothing of the machine in it", () => {
    const staged = Object.values<{ build?: { context: string } }>(images.json.resource.docker_image)
      .flatMap(({ build }) => build?.context ?? [])
      .sort();
    expect(
      readdirSync(join(folder, "contexts"))
        .map((name) => `contexts/${name}`)
        .sort(),
    ).toEqual(staged);
    expect(JSON.stringify({ ...images.json, terraform: undefined })).not.toContain(project);
    const envoy = staged.find((path) => path.startsWith("contexts/envoy-")) ?? "";
    expect(readdirSync(join(folder, envoy)).sort()).toEqual([
      ".dockerignore",
      "Dockerfile",
      "entrypoint.sh",
      "envoy.yaml",
    ]);
    const [backend = ""] = staged.filter((path) => path.startsWith("contexts/backend-flask-"));
    expect(readFileSync(join(folder, backend, "app"), "utf8")).toBe("backend-flask");
  });

  test("changes one image with one file, and takes the older context away", () => {
    const copy = join(root, "changing");
    mkdirSync(copy);
    writeFileSync(join(copy, "Dockerfile"), "FROM scratch\n");
    const settings = defaultSettings({ images: { enabled: true, ...contexts, backendFlask: copy } });
    const outdir = join(root, "changing-out");
    const read = () => {
      synthesizeStacks(project, settings, outdir);
      return JSON.parse(readFileSync(join(outdir, "stacks", "images", "cdk.tf.json"), "utf8")).resource;
    };
    const before = read();
    expect(read()).toEqual(before);
    writeFileSync(join(copy, "new"), "");
    const after = read();
    const changed = Object.keys(before).flatMap((type) =>
      Object.keys(before[type]).filter(
        (name) => JSON.stringify(before[type][name]) !== JSON.stringify(after[type][name]),
      ),
    );
    expect(changed).toEqual(["backend_flask", "backend_flask_deployed", "backend_flask"]);
    expect(readdirSync(join(outdir, "stacks", "images", "contexts"))).toHaveLength(5);
  });

  test("says which images it doesn't build, and builds none that no service runs", () => {
    const { stack } = synthesized(
      { enabled: true, userPoolId: "eu-central-1_AbCdEf123", userPoolClientId: "c1" },
      { authz: false },
    );
    expect(stack("images").resource("output.not_built").value).toEqual({
      "backend-flask": "the setting images.backendFlask is not set",
      "frontend-react-js": "the setting images.frontend is not set",
    });
    expect(Object.keys(stack("images").json.resource.docker_image)).toEqual([
      "cruddur_python",
      "envoy",
      "otel_collector",
    ]);
  });

  test("keeps its state where the settings say", () => {
    const backend = { type: "s3", bucket: "states", keys: { app: "app.tfstate" } };
    expect(synthesized({ enabled: true }, { backend }).stack("images").json.terraform.backend.s3.key).toBe(
      "cruddur/images.tfstate",
    );
  });

  test("goes to another engine and registry", () => {
    const { stack } = synthesized({ enabled: true, dockerHost: "unix:///run/x.sock", registry: "localhost:5000" });
    expect(stack("images").json.provider.docker[0]).toMatchObject({
      host: "unix:///run/x.sock",
      registry_auth: [{ address: "localhost:5000" }],
    });
    expect(stack("images").resource("docker_image.authz").name).toMatch(/^localhost:5000\/authz:/);
  });

  test("asks a registry without TLS by http, under its host's name", () => {
    const images = synthesized({ enabled: true, registry: "http://localhost:5000" }).stack("images");
    expect(images.json.provider.docker[0].registry_auth[0].address).toBe("http://localhost:5000");
    const named = ["docker_image.authz.name", "docker_tag.authz.target_image"].map((path) => {
      const [type, name, attribute = ""] = path.split(".");
      return images.resource(`${type}.${name}`)[attribute];
    });
    for (const name of named) expect(name).toMatch(/^localhost:5000\/authz:/);
  });

  test.each([
    ["localhost:5000", false],
    ["http://localhost:5000", false],
    ["123456789012.dkr.ecr.eu-central-1.amazonaws.com.example.com", false],
    ["dkr.ecr.eu-central-1.amazonaws.com", false],
    ["123456789012.dkr.ecr.eu-central-1.amazonaws.com", true],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", true],
  ])("gives ECR's token to ECR alone: %s, %s", (registry, isEcr) => {
    const { json } = synthesized({ enabled: true, registry }).stack("images");
    const [auth] = json.provider.docker[0].registry_auth;
    expect(JSON.stringify(json).includes("aws_ecr_authorization_token")).toBe(isEcr);
    expect(auth).toEqual(
      isEcr
        ? { address: registry, username: expect.anything(), password: expect.anything() }
        : { address: registry, auth_disabled: '${!fileexists(pathexpand("~/.docker/config.json"))}' },
    );
  });

  test("refuses by a sentence a context that isn't there, and an Envoy without what it verifies", () => {
    expect(() => synthesized({ enabled: true, frontend: "/no/such" })).toThrow(
      'The build context of frontend-react-js is "/no/such", but there is no such folder: give another.',
    );
    expect(() => synthesized({ enabled: true }, { authz: false })).toThrow(
      /^images\.userPoolId and images\.userPoolClientId are needed for Envoy's image, as authz is false/,
    );
  });

  test("keeps to the address rule", () => {
    const app = new App({ outdir: join(root, "register") });
    addStacks(app, project, defaultSettings({ images: { enabled: true } }));
    expect(addressRegister(app).filter(({ stack }) => stack === "images")).toContainEqual(
      expect.objectContaining({ address: "docker_image.authz", ownerClass: "PushedImage" }),
    );
  });
});

describe("the app stack with hash tags", () => {
  const imagesOf = (app: SynthesizedStack) =>
    Object.fromEntries(
      ["backend_flask", "backend_authz", "frontend_react_js", "otel_collector"].flatMap((name) => {
        const containers = app.resource(`aws_ecs_task_definition.${name}`).container_definitions;
        return (containers as { name: string; image: string }[]).map(({ name, image }) => [name, image]);
      }),
    );

  test("names what the images stack pushes, and changes nothing but that", () => {
    const [state, hash] = [
      synthesized({ enabled: true, ...contexts }),
      synthesized({ enabled: true, ...contexts, deploy: "hash" }),
    ];
    const deployed = imagesOf(hash.stack("app"));
    const built = hash.stack("images").json.resource.docker_image;
    expect(deployed).toMatchObject({
      authz: built.authz.name,
      envoy: built.envoy.name,
      "backend-flask": built.backend_flask.name,
      "frontend-react-js": built.frontend_react_js.name,
      xray: "public.ecr.aws/xray/aws-xray-daemon",
    });
    expect(hash.stack("images").json.resource.docker_tag).toEqual({ cruddur_python: expect.anything() });
    expect(imagesOf(state.stack("app"))).toMatchObject({
      authz: `${registry}/authz`,
      envoy: `${registry}/envoy:dns-family-v4`,
    });
    // The same expression in both.
    expect(hash.stack("app").json.locals).toMatchObject(hash.stack("images").json.locals);
    const rest = ({ stack }: typeof hash) => {
      const { resource, locals: _, ...others } = stack("app").json;
      return { ...others, resource: { ...resource, aws_ecs_task_definition: undefined } };
    };
    expect(rest(hash)).toEqual(rest(state));
  });

  test("needs no images stack, and leaves images alone whose folders are not set", () => {
    const { ids, stack } = synthesized({ deploy: "hash" });
    expect(ids).toEqual(["network", "app"]);
    expect(imagesOf(stack("app"))).toMatchObject({
      authz: expect.stringMatching(/:[0-9a-f]{16}$/),
      "backend-flask": `${registry}/backend-flask`,
    });
  });
});

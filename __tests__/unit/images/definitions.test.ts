import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../../../lib/project";
import { httpPort, type ServiceDefinition } from "../../../services/definition";
import { repositoryNames } from "../../../services/image-table";
import type { ImageReference } from "../../../services/images";
import { defaultSettings, SynthesizedStack } from "../../../tools/testing";

const root = mkdtempSync(join(tmpdir(), "definitions-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = join(root, "orders");
mkdirSync(join(folder, "deploy"), { recursive: true });
for (const file of ["Dockerfile", "deploy/Dockerfile"]) writeFileSync(join(folder, file), `FROM scratch\n# ${file}\n`);

function service(name: string, image: ImageReference): ServiceDefinition {
  return { name, cpu: 256, memoryMiB: 512, containers: [{ name, image, ports: [httpPort(name, 8080)] }] };
}

function load() {
  return {
    ...(require("../../../images/built") as typeof import("../../../images/built")),
    ...(require("../../../images/named") as typeof import("../../../images/named")),
    ...(require("../../../stacks") as typeof import("../../../stacks")),
    ...(require("cdktf") as typeof import("cdktf")),
  };
}

/** The modules with these services in additions/services.ts, and what is made with them: they load others as they go. */
function withServices<T = undefined>(
  services: readonly ServiceDefinition[],
  make: (modules: ReturnType<typeof load>) => T = () => undefined as T,
): ReturnType<typeof load> & { readonly made: T } {
  let loaded: (ReturnType<typeof load> & { readonly made: T }) | undefined;
  jest.isolateModules(() => {
    jest.doMock("../../../additions/services", () => ({
      teamServices: (own: readonly ServiceDefinition[]) => [...own, ...services],
    }));
    const modules = load();
    loaded = { ...modules, made: make(modules) };
  });
  return loaded as ReturnType<typeof load> & { readonly made: T };
}

const settings = defaultSettings();
const build = { context: folder };

test("each image of the table is named by its repository or its short name", () => {
  const { repositoryOf } = withServices([]);
  expect(repositoryNames.map((name) => repositoryOf(name, settings))).toEqual(repositoryNames);
  expect(["backend", "frontend"].map((name) => repositoryOf(name, settings))).toEqual([
    "backend-flask",
    "frontend-react-js",
  ]);
  expect(() => repositoryOf("backnd", settings)).toThrow('There is no image "backnd": did you mean backend?');
  expect(() => repositoryOf("0", settings)).toThrow(
    `There is no image "0": give one of ${repositoryNames.join(", ")}.`,
  );
});

test("a folder on the command line is for images of the checkout", () => {
  const { namedImage } = withServices([]);
  const named = namedImage(project, settings, "backend-flask", folder);
  expect("definition" in named && named.definition.context()).toEqual({
    name: "backend-flask",
    folder,
    dockerfile: "Dockerfile",
  });
  expect(() => namedImage(project, settings, "envoy", folder)).toThrow(
    "--context is for images of your checkout, but envoy is built from this project's files: leave it out.",
  );
  expect(() => namedImage(project, settings, "cruddur-python", folder)).toThrow("is a copy of another image");
  expect(namedImage(project, settings, "cruddur-python")).toEqual({
    source: { kind: "upstream", setting: "pythonBase" },
  });
});

describe("the image of a team's service", () => {
  test("is built from the folder that its entry names, counted from the project's", () => {
    const { namedImage } = withServices([service("orders", { repository: "orders", build: { context: "../orders" } })]);
    const named = namedImage(join(root, "project"), settings, "orders");
    expect("definition" in named && named.definition.context()).toEqual({
      name: "orders",
      folder,
      dockerfile: "Dockerfile",
    });
  });

  test("has a hash and its deployed tag like the others, also where a second service runs it", () => {
    const { allImages } = withServices([
      service("orders", { repository: "orders", tag: "1.0", build: { ...build, dockerfile: "deploy/Dockerfile" } }),
      service("worker", { repository: "orders", tag: "1.0" }),
    ]);
    const { built, missing } = allImages(project, settings);
    expect(built.map(({ repository }) => repository)).toEqual(["authz", "envoy", "otel-collector", "orders"]);
    expect(built.at(-1)).toMatchObject({
      context: { dockerfile: "deploy/Dockerfile" },
      content: expect.stringMatching(/^[0-9a-f]{64}$/),
      deployedTag: "1.0",
    });
    expect(missing.map(({ repository }) => repository)).toEqual(["backend-flask", "frontend-react-js"]);
  });

  test("without a folder isn't built, and says what to do", () => {
    const { allImages, namedImage } = withServices([service("orders", { repository: "orders" })]);
    expect(allImages(project, settings).missing.at(-1)).toMatchObject({
      repository: "orders",
      why: "its entry in the list of services has no build context",
    });
    expect(() => namedImage(project, settings, "orders")).toThrow(
      'The folder of the image orders is not known: give --context DIR, or give its image a build context in additions/services.ts: build: { context: "…" }.',
    );
    expect(namedImage(project, settings, "orders", folder)).toHaveProperty("definition");
  });

  test("goes before the project's own where it has its repository", () => {
    const { namedImage } = withServices([service("gate", { repository: "authz", build })]);
    const named = namedImage(project, settings, "authz");
    expect("definition" in named && named.definition.context().folder).toBe(folder);
  });

  test("is built by the stack images once the base image is there, and may have a path as repository", () => {
    const { made: stack } = withServices(
      [service("orders", { repository: "shop/orders", tag: "1.0", build }), service("stock", { repository: "stock" })],
      ({ addStacks, Testing }) => {
        const { images } = addStacks(Testing.app(), project, defaultSettings({ images: { enabled: true } }));
        if (images === undefined) throw new Error("There is no stack images");
        return new SynthesizedStack("images", Testing.synth(images));
      },
    );
    expect(stack.resource("docker_image.shop_orders")).toMatchObject({
      name: expect.stringMatching(/\/shop\/orders:[0-9a-f]{16}$/),
      build: { context: expect.stringMatching(/^contexts\/shop\+orders-[0-9a-f]{16}$/), dockerfile: "Dockerfile" },
      depends_on: ["docker_registry_image.cruddur_python"],
    });
    expect(stack.resource("docker_tag.shop_orders").target_image).toMatch(/\/shop\/orders:1\.0$/);
    expect(stack.resource("output.not_built").value.stock).toMatch(/no build context/);
  });
});

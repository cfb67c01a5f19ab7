import { PushedImage, type PushedImageProps } from "../../../../constructs/docker/pushed-image";
import { synthScope } from "../../../../tools/testing";

const build = { context: "contexts/envoy-1", dockerfile: "Dockerfile", platform: "linux/amd64" };

function synthesized(more: Partial<PushedImageProps> = {}) {
  return synthScope((scope) => {
    new PushedImage(scope, "envoy", { repositoryUrl: "registry/envoy", tag: "t1", build, ...more });
  });
}

describe("PushedImage", () => {
  test("is built, kept by the engine, and pushed under its tag for good", () => {
    const stack = synthesized();
    expect(stack.managed()).toEqual(["docker_image.envoy", "docker_registry_image.envoy"]);
    expect(stack.resource("docker_image.envoy")).toEqual({ name: "registry/envoy:t1", build, keep_locally: true });
    expect(stack.resource("docker_registry_image.envoy")).toEqual({
      name: "${docker_image.envoy.name}",
      keep_remotely: true,
    });
  });

  test("takes a moving tag along to each new image", () => {
    const stack = synthesized({ movingTag: "latest" });
    expect(stack.resource("docker_tag.envoy")).toEqual({
      source_image: "${docker_image.envoy.name}",
      target_image: "registry/envoy:latest",
      tag_triggers: ["t1", "${docker_image.envoy.image_id}"],
    });
    expect(stack.resource("docker_registry_image.envoy_deployed")).toEqual({
      name: "${docker_tag.envoy.target_image}",
      triggers: { tag: "t1" },
      keep_remotely: true,
    });
  });
});

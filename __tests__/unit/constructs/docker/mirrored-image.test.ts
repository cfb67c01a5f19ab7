import { MirroredImage } from "../../../../constructs/docker/mirrored-image";
import { synthScope } from "../../../../tools/testing";

describe("MirroredImage", () => {
  test("is pulled when its reference or platform changes, and pushed under the same tag for good", () => {
    const [source, platform] = ["python:3.12", "linux/arm64"];
    const stack = synthScope((scope) => {
      const base = new MirroredImage(scope, "base", { source, platform, repositoryUrl: "registry/base" });
      expect(base.uri).toBe("registry/base:3.12");
    });
    expect(stack.resource("docker_image.base")).toEqual({ name: source, platform, keep_locally: true });
    expect(stack.resource("docker_tag.base")).toEqual({
      source_image: "${docker_image.base.name}",
      target_image: "registry/base:3.12",
      tag_triggers: [source, platform, "${docker_image.base.image_id}"],
    });
    expect(stack.resource("docker_registry_image.base")).toEqual({
      name: "${docker_tag.base.target_image}",
      triggers: { source, platform },
      keep_remotely: true,
    });
  });
});

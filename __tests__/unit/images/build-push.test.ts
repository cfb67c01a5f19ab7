import { copyPush } from "../../../images/build-push";

const options = {
  repository: "cruddur-python",
  source: "python:3.10-slim-buster",
  platform: "linux/amd64",
  registry: "registry.example.com",
};

test("a copy is pulled with its registry's name, tagged and pushed under the source's own tag", () => {
  const from = "docker.io/library/python:3.10-slim-buster";
  const to = "registry.example.com/cruddur-python:3.10-slim-buster";
  expect(copyPush({ ...options, tags: [] })).toEqual({
    tag: "3.10-slim-buster",
    images: [to],
    makes: [
      ["pull", "--platform", "linux/amd64", from],
      ["tag", from, to],
    ],
    pushes: [["push", to]],
  });
});

test("tags that are given go in the place of the source's own", () => {
  const { images, pushes } = copyPush({ ...options, tags: ["a", "b", "a"] });
  expect(images).toEqual(["registry.example.com/cruddur-python:a", "registry.example.com/cruddur-python:b"]);
  expect(pushes).toEqual(images.map((image) => ["push", image]));
});

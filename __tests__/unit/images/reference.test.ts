import { mirroredTag, withRegistry } from "../../../images/reference";

test.each([
  ["localhost:5000/python:3.12", "3.12"],
  [`localhost:5000/python@sha256:${"0123456789abcdef".repeat(4)}`, "sha256-0123456789abcdef"],
  [`python:3.12@sha256:${"0".repeat(64)}`, "3.12"],
])("a copy of %s has the tag %s", (source, tag) => {
  expect(mirroredTag(source)).toBe(tag);
});

test.each([
  ["python:3.12", "docker.io/library/python:3.12"],
  ["bitnami/python:3.12", "docker.io/bitnami/python:3.12"],
  ["public.ecr.aws/docker/library/python:3.12", "public.ecr.aws/docker/library/python:3.12"],
  ["localhost:5000/python:3.12", "localhost:5000/python:3.12"],
  ["localhost/python:3.12", "localhost/python:3.12"],
])("%s is %s to every engine", (reference, full) => {
  expect(withRegistry(reference)).toBe(full);
});

import { synth } from "../../../../tools/testing";

describe("Repositories", () => {
  const { app } = synth();

  test("are one block over the names, with tags that can move", () => {
    expect(app.resource("aws_ecr_repository.repo")).toEqual({
      for_each:
        '${toset(["authz", "backend-flask", "cruddur-python", "envoy", "frontend-react-js", "otel-collector"])}',
      name: "${each.value}",
      image_tag_mutability: "MUTABLE",
      lifecycle: { prevent_destroy: true },
    });
  });

  test("are told by name and URL", () => {
    expect(app.resource("output.repository_urls").value).toBe(
      "${{ for name, repository in aws_ecr_repository.repo : name => repository.repository_url }}",
    );
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bindingOf, idImports } from "../../../../state/check/additions-advice";

test("every resource of the AWS bindings is found by its type", () => {
  const library = join(dirname(require.resolve("@cdktf/provider-aws/package.json")), "lib");
  const index = readFileSync(join(library, "lazy-index.js"), "utf8");
  const folders = readdirSync(library, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && index.includes(entry.name),
  );
  // A sample: reading all 2,000 declarations takes a minute on a busy machine.
  const found = folders
    .filter((_, position) => position % 25 === 0)
    .flatMap(({ name }) => {
      const text = readFileSync(join(library, name, "index.d.ts"), "utf8");
      const [, className, type] =
        /class (\w+) extends cdktf\.TerraformResource \{\s+static readonly tfResourceType = "(\w+)"/.exec(text) ?? [];
      return type === undefined ? [] : [{ name, className, type }];
    });
  expect(found.length).toBeGreaterThan(30);
  for (const { name, className, type } of found) {
    expect([type, bindingOf(type)]).toEqual([type, { className, module: `@cdktf/provider-aws/lib/${name}` }]);
  }
});

test.each(["aws_no_such_thing", "google_storage_bucket", "null_resource", "aws_"])("%s has no binding", (type) => {
  expect(bindingOf(type)).toBeUndefined();
});

test("terraform_data is cdktf's own", () => {
  expect(bindingOf("terraform_data")).toEqual({ className: "DataResource", module: "cdktf" });
});

test("a name that is no snake_case needs terraformName", () => {
  expect([idImports("alb_sg"), idImports("ServiceSG-tf").length]).toEqual([[], 1]);
});

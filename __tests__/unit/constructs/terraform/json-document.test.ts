import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Fn, TerraformOutput, TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { jsonDocument } from "../../../../constructs/terraform/json-document";

function rendered(build: (variable: TerraformVariable) => unknown): string {
  const stack = new TerraformStack(Testing.app(), "stack");
  const variable = new TerraformVariable(stack, "v", {});
  new TerraformOutput(stack, "text", { value: jsonDocument(build(variable)) });
  return JSON.parse(Testing.synth(stack)).output.text.value;
}

describe("jsonDocument", () => {
  test("renders literals as JSON text, in the order given, without what is absent", () => {
    const value = { b: "x", a: [1, null, true, { c: undefined }], d: '<>&"\\\n' };
    expect(rendered(() => value)).toBe('{"b":"x","a":[1,null,true,{}],"d":"<>&\\"\\\\\\n"}');
  });

  test("keeps text that looks like a template", () => {
    expect(rendered(() => ["${HOME}", "%{if}", "100%"])).toBe('["$${HOME}","%%{if}","100%"]');
  });

  test("lets Terraform quote what holds an expression", () => {
    expect(rendered(({ stringValue }) => ({ url: `https://${stringValue}/` }))).toBe(
      '{"url":${jsonencode("https://${var.v}/")}}',
    );
  });

  test("quotes the text around an expression as HCL wants it", () => {
    expect(rendered(({ stringValue }) => [`say "${stringValue}" \\ \${x} %{y}\n`])).toBe(
      '[${jsonencode("say \\"${var.v}\\" \\\\ $${x} %%{y}\\n")}]',
    );
  });

  test("renders expressions that stand for numbers and lists", () => {
    expect(rendered(({ numberValue, listValue }) => ({ n: numberValue, l: listValue }))).toBe(
      '{"n":${jsonencode(var.v)},"l":${jsonencode(var.v)}}',
    );
  });

  test("keeps quoted instance keys in expressions", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    const group = new SecurityGroup(stack, "group", {});
    const id = Token.asString(Fn.lookupNested(group.fqn, ['"a key"', "id"]));
    new TerraformOutput(stack, "text", { value: jsonDocument({ id }) });
    expect(JSON.parse(Testing.synth(stack)).output.text.value).toBe(
      '{"id":${jsonencode("${aws_security_group.group["a key"].id}")}}',
    );
  });

  test("stays an expression within a function's argument", () => {
    expect(rendered(({ stringValue }) => stringValue)).toBe('${jsonencode("${var.v}")}');
    const stack = new TerraformStack(Testing.app(), "stack");
    const variable = new TerraformVariable(stack, "v", {});
    new TerraformOutput(stack, "text", { value: Fn.sha1(jsonDocument(`a${variable.stringValue}`)) });
    expect(JSON.parse(Testing.synth(stack)).output.text.value).toBe('${sha1(jsonencode("a${var.v}"))}');
  });
});

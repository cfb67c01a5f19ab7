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
  test("renders literals in the order given, without what is absent", () => {
    const value = { b: "x", a: [1, null, true, { c: undefined }], d: '<>&"\\\n\b\f' };
    expect(rendered(() => value)).toBe(
      '${jsonencode({"b":"x","a":[1,null,true,{}],"d":"<>&\\"\\\\\\n\\u0008\\u000c"})}',
    );
  });

  test("keeps text that looks like a template", () => {
    expect(rendered(() => ["${HOME}", "%{if}", "100%"])).toBe('${jsonencode(["$${HOME}","%%{if}","100%"])}');
  });

  test("holds expressions, alone and within text", () => {
    expect(rendered(({ stringValue }) => ({ domain: stringValue, url: `https://${stringValue}/` }))).toBe(
      '${jsonencode({"domain":var.v,"url":"https://${var.v}/"})}',
    );
  });

  test("quotes the text around an expression", () => {
    expect(rendered(({ stringValue }) => [`say "${stringValue}" \\ \${x} %{y}\n`])).toBe(
      '${jsonencode(["say \\"${var.v}\\" \\\\ $${x} %%{y}\\n"])}',
    );
  });

  test("holds expressions that stand for numbers, lists and maps", () => {
    const document = ({ numberValue, listValue, value }: TerraformVariable) => ({
      n: numberValue,
      l: listValue,
      a: value,
      m: Token.asAnyMap(value),
    });
    expect(rendered(document)).toBe('${jsonencode({"n":var.v,"l":var.v,"a":var.v,"m":var.v})}');
  });

  test("keeps quoted instance keys in expressions", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    const group = new SecurityGroup(stack, "group", {});
    const id = Token.asString(Fn.lookupNested(group.fqn, ['"a key"', "id"]));
    new TerraformOutput(stack, "text", { value: jsonDocument({ id, text: `id ${id}` }) });
    expect(JSON.parse(Testing.synth(stack)).output.text.value).toBe(
      '${jsonencode({"id":aws_security_group.group["a key"].id,"text":"id ${aws_security_group.group["a key"].id}"})}',
    );
  });

  test("stays an expression within a function's argument", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    const variable = new TerraformVariable(stack, "v", {});
    new TerraformOutput(stack, "text", { value: Fn.sha1(jsonDocument([`a${variable.stringValue}`])) });
    expect(JSON.parse(Testing.synth(stack)).output.text.value).toBe('${sha1(jsonencode(["a${var.v}"]))}');
  });
});

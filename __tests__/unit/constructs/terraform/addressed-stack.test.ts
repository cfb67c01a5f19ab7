import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformOutput, Testing } from "cdktf";
import { Construct } from "constructs";
import {
  AddressedStack,
  addressRegister,
  idExpression,
  terraformName,
} from "../../../../constructs/terraform/addressed-stack";
import { makeStacks, SynthesizedStack, synthStack } from "../../../../tools/testing";

function stackOf(build: (stack: AddressedStack) => void): AddressedStack {
  const stack = new AddressedStack(Testing.app(), "stack");
  build(stack);
  return stack;
}

const managed = (stack: AddressedStack) => new SynthesizedStack("stack", Testing.synth(stack)).managed();

describe("the address rule", () => {
  test.each([
    ["its own snake_case id", (stack: Construct) => new SecurityGroup(stack, "alb_sg", {}), "alb_sg"],
    ["the id around it", (stack: Construct) => new SecurityGroup(new Construct(stack, "web"), "Group", {}), "web"],
    [
      "the last of several",
      (stack: Construct) => new SecurityGroup(new Construct(new Construct(stack, "web"), "Inner"), "inner_sg", {}),
      "inner_sg",
    ],
    ["a single lower-case word", (stack: Construct) => new SecurityGroup(stack, "default", {}), "default"],
  ])("takes %s", (_what, build, name) => {
    expect(managed(stackOf(build))).toEqual([`aws_security_group.${name}`]);
  });

  test("refuses an element without a name, and says where", () => {
    const stack = stackOf((scope) => new SecurityGroup(new Construct(scope, "Web"), "Group", {}));
    expect(() => Testing.synth(stack)).toThrow(/stack\/Web\/Group has no Terraform name.*snake_case id/);
  });

  test.each(["kebab-case", "camelCase", "Snake_Case", "a__b", "9lives"])("refuses the id %s", (id) => {
    const stack = stackOf((scope) => new SecurityGroup(scope, id, {}));
    expect(() => Testing.synth(stack)).toThrow(`The construct id "${id}" (stack/${id}) is neither PascalCase`);
  });

  test("says how a name that is no snake_case is kept, where Terraform takes it for one", () => {
    const refusal = (id: string) => {
      const stack = stackOf((scope) => new SecurityGroup(scope, id, {}));
      return () => Testing.synth(stack);
    };
    expect(refusal("ServiceSG-tf")).toThrow('rename it, or write terraformName("ServiceSG-tf") where that is its');
    expect(refusal("ServiceSG")).toThrow('a snake_case id, or write terraformName("ServiceSG") where that is its');
    expect(refusal("9lives")).toThrow(/rename it\.$/);
  });

  test("takes the name of a construct around it from terraformName too, and the last one of several", () => {
    const stack = stackOf((scope) => {
      const outer = new Construct(scope, terraformName("Web-1"));
      new SecurityGroup(outer, "Group", {});
      new SecurityGroup(new Construct(outer, "inner"), "Group", {});
      new SecurityGroup(new Construct(new Construct(scope, "web"), terraformName("Inner")), "Group", {});
    });
    expect(managed(stack)).toEqual(["Inner", "Web-1", "inner"].map((name) => `aws_security_group.${name}`));
    expect(addressRegister(stack)).toContainEqual({
      stack: "stack",
      address: "aws_security_group.Web-1",
      kind: "managed",
      constructPath: 'stack/"Web-1"/Group',
      ownerClass: "Construct",
    });
  });

  test("refuses a kept name at an address that a plain id has", () => {
    const stack = stackOf((scope) => {
      new SecurityGroup(new Construct(scope, "First"), "web", {});
      new SecurityGroup(new Construct(scope, "Second"), terraformName("web"), {});
    });
    expect(() => Testing.synth(stack)).toThrow("claim the address aws_security_group.web");
  });

  test("refuses two resources at one address, and names both", () => {
    const stack = stackOf((scope) => {
      new SecurityGroup(new Construct(scope, "First"), "web", {});
      new SecurityGroup(new Construct(scope, "Second"), "web", {});
    });
    expect(() => Testing.synth(stack)).toThrow(
      "Both stack/First/web and stack/Second/web claim the address aws_security_group.web",
    );
    expect(() => stack.toHclTerraform()).toThrow("claim the address aws_security_group.web");
  });

  test("sees a collision that overrideLogicalId makes", () => {
    const stack = stackOf((scope) => {
      new SecurityGroup(scope, "web", {});
      new SecurityGroup(scope, "other", {}).overrideLogicalId("web");
    });
    expect(() => Testing.synth(stack)).toThrow("Both stack/web and stack/other claim");
  });

  test("refuses two outputs of one name", () => {
    const stack = stackOf((scope) => {
      new TerraformOutput(scope, "name", { value: 1 });
      new TerraformOutput(new Construct(scope, "Second"), "name", { value: 2 });
    });
    expect(() => Testing.synth(stack)).toThrow("claim the address output.name");
  });

  test("refuses one managed address in two stacks", () => {
    const { network, app } = makeStacks();
    new SecurityGroup(app, "rds", {});
    expect(() => synthStack(app)).toThrow(
      "Both network/SecurityGroups/rds and app/rds claim the address aws_security_group.rds",
    );
    expect(() => synthStack(network)).toThrow("claim the address aws_security_group.rds");
  });

  test("refuses a direct reference into another stack", () => {
    const { root, network, app } = makeStacks();
    new TerraformOutput(app, "zone", { value: network.zone.zoneId });
    expect(() => root.synth()).toThrow(
      /Another stack refers to data\.aws_route53_zone\.cruddur_route53_zone\.zone_id of the stack network: add an output/,
    );
  });
});

describe("terraformName", () => {
  test.each(["9lives", "-a", "", "a b", "a.b", 'a"b', "a/b", "${x}", "a\n"])("refuses %j", (name) => {
    expect(() => terraformName(name)).toThrow(`terraformName got ${JSON.stringify(name)}, which is no Terraform name`);
  });

  test("leaves a snake_case name as it is, which needs no call", () => {
    expect(terraformName("alb_sg")).toBe("alb_sg");
    expect(idExpression("alb_sg")).toBe('"alb_sg"');
    expect(idExpression("ServiceSG-tf")).toBe('terraformName("ServiceSG-tf")');
  });
});

describe("the address register", () => {
  const register = addressRegister(makeStacks().root);

  test("tells stack, address, construct path and owner of what the stacks claim", () => {
    expect(register).toContainEqual({
      stack: "network",
      address: "aws_route53_record.cruddur",
      kind: "managed",
      constructPath: "network/cruddur/Records",
      ownerClass: "DnsCertificate",
    });
    expect(register.filter(({ kind }) => kind === "managed")).toHaveLength(45);
    expect(register).toContainEqual(expect.objectContaining({ address: "data.terraform_remote_state.network" }));
  });
});

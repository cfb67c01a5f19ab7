import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addressRegister } from "../../../../constructs/terraform/addressed-stack";
import { classPlaces, registeredAddresses } from "../../../../constructs/terraform/source-files";
import { project } from "../../../../lib/project";
import { makeStacks } from "../../../../tools/testing";

describe("the register's source files", () => {
  const addresses = registeredAddresses(addressRegister(makeStacks().root), project);

  test("are there for every managed address", () => {
    expect(addresses).toHaveLength(45);
    for (const { sourceFile } of addresses) expect(existsSync(join(project, sourceFile ?? "missing"))).toBe(true);
  });

  test.each([
    ["aws_ecr_repository.repo", "app", "constructs/ecr/repositories.ts"],
    ["aws_ecs_service.backend_flask", "app", "constructs/ecs/fargate-service.ts"],
    ["aws_db_instance.cruddur", "app", "constructs/rds/database.ts"],
    ["aws_iam_role.task", "app", "constructs/iam/ecs-role.ts"],
    ["aws_route53_record.cruddur", "network", "constructs/acm/dns-certificate.ts"],
    ["aws_lb_listener_rule.api", "network", "constructs/alb/host-route.ts"],
  ])("lead from %s to its construct", (address, stack, sourceFile) => {
    expect(addresses).toContainEqual(expect.objectContaining({ address, stack, sourceFile }));
  });

  test("know the team's additions", () => {
    const place = classPlaces(project).get("AppAdditions");
    expect(place?.file).toBe("additions/app.ts");
    const lines = readFileSync(join(project, "additions/app.ts"), "utf8").split("\n");
    expect(lines[(place?.line ?? 0) - 1]).toContain("class AppAdditions");
  });
});

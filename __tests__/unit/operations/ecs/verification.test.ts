import type { CertificateDetail } from "@aws-sdk/client-acm";
import type { SynthesizedService } from "../../../../operations/ecs/synthesized-services";
import { whyNotAssumable } from "../../../../operations/ecs/trust-policy";
import {
  ecrImage,
  targetContradictions,
  targetGroupDifferences,
  whyNotServing,
} from "../../../../operations/ecs/verification";

const where = { accountId: "123456789012", region: "eu-central-1", cluster: "cruddur" };

function trust(condition?: object, more: object = {}): string {
  const Principal = { Service: "ecs-tasks.amazonaws.com" };
  return JSON.stringify({
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal, Condition: condition, ...more }],
  });
}

describe("a role is assumable by ECS", () => {
  test.each<[string, string]>([
    ["by name alone", trust()],
    ["among others", trust(undefined, { Principal: { Service: ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"] } })],
    ["by a pattern of actions", trust(undefined, { Action: ["sts:*"] })],
    [
      "in its own account and region",
      trust({
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:aws:ecs:eu-central-1:123456789012:*" },
      }),
    ],
    ["under a condition that isn't known here", trust({ StringEquals: { "aws:PrincipalTag/x": "y" } })],
  ])("%s", (_what, policy) => expect(whyNotAssumable(policy, where)).toBeUndefined());

  test.each<[string, string, RegExp]>([
    ["another service", trust(undefined, { Principal: { Service: "ec2.amazonaws.com" } }), /ecs-tasks/],
    ["another action", trust(undefined, { Action: "sts:TagSession" }), /ecs-tasks/],
    ["a denial", trust(undefined, { Effect: "Deny" }), /ecs-tasks/],
    ["another account", trust({ StringEquals: { "aws:SourceAccount": "999999999999" } }), /another account/],
    ["another region", trust({ ArnLike: { "aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*" } }), /region/],
    ["no JSON", "{", /no JSON/],
  ])("not with %s", (_what, policy, why) => expect(whyNotAssumable(policy, where)).toMatch(why));
});

const service: SynthesizedService = {
  name: "orders",
  cluster: "cruddur",
  containers: [
    {
      name: "orders",
      image: "x",
      portMappings: [{ containerPort: 8080 }],
    },
    { name: "sidecar", portMappings: [{ containerPort: 9000 }] },
  ],
  targets: [{ containerName: "orders", containerPort: 8080, group: { health_check: { path: "/", port: "9000" } } }],
};

test("a target group agrees with the containers, the health check's port with any of them", () => {
  expect(targetContradictions(service)).toEqual([]);
  const [target] = service.targets;
  const withTarget = (changes: object) =>
    targetContradictions({ ...service, targets: [{ ...target, ...changes } as never] });
  expect(withTarget({ containerPort: 80 })).toEqual(["orders has no port 80"]);
  expect(withTarget({ containerName: "nobody" })).toEqual(["orders has no container nobody"]);
  expect(withTarget({ group: { health_check: { port: "13133" } } })).toEqual([
    "no container has the port 13133 of the health check",
  ]);
});

test("a deployed target group differs in what tasks become healthy by", () => {
  const group = { port: 8080, protocol: "HTTP", target_type: "ip", health_check: { path: "/health" } };
  const deployed = {
    Port: 8080,
    Protocol: "HTTP",
    TargetType: "ip",
    HealthCheckPath: "/health",
    HealthCheckPort: "traffic-port",
  } as const;
  expect(targetGroupDifferences(group, deployed)).toEqual([]);
  expect(targetGroupDifferences(group, { ...deployed, HealthCheckPath: "/" })).toEqual([
    "health check path is /, the containers need /health",
  ]);
  const secret = targetGroupDifferences(
    { ...group, health_check: { path: "/health?token=hunter22hunter22" } },
    { ...deployed, HealthCheckPath: "/health?key=x&password=hunter33" },
  );
  expect(secret).toEqual(["health check path is (sensitive), the containers need (sensitive)"]);
});

test("a certificate serves when it is issued for every host", () => {
  const certificate = {
    Status: "ISSUED",
    DomainName: "a.example",
    SubjectAlternativeNames: ["*.a.example"],
  } satisfies CertificateDetail;
  expect(whyNotServing(certificate, ["a.example", "api.a.example"])).toBeUndefined();
  expect(whyNotServing(certificate, ["b.example"])).toBe("it doesn't cover b.example");
  expect(whyNotServing(certificate, ["x.api.a.example"])).toMatch(/doesn't cover/);
  expect(whyNotServing({ ...certificate, Status: "PENDING_VALIDATION" }, [])).toMatch(/PENDING_VALIDATION, not ISSUED/);
});

test.each([
  ["registry/app", { repository: "app", imageTag: "latest" }],
  ["registry/app:1.0", { repository: "app", imageTag: "1.0" }],
  ["registry/a/b@sha256:ab", { repository: "a/b", imageDigest: "sha256:ab" }],
  ["public.ecr.aws/xray/daemon", undefined],
])("%s in ECR", (image, expected) => expect(ecrImage(image, "registry")).toEqual(expected));

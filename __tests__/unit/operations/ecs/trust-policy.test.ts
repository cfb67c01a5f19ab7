import { whyNotAssumable } from "../../../../operations/ecs/trust-policy";

const origin = { accountId: "123456789012", region: "eu-central-1", cluster: "cruddur" };
const tasks = { Service: "ecs-tasks.amazonaws.com" };
const allow = { Effect: "Allow", Action: "sts:AssumeRole", Principal: tasks };
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const under = (Condition: object) => policy({ ...allow, Condition });

test.each<[string, string]>([
  ["without a condition", policy(allow)],
  ["a statement that is no list", JSON.stringify({ Statement: allow })],
  ["among other services", policy({ ...allow, Principal: { Service: ["ec2.amazonaws.com", tasks.Service] } })],
  ["as a list of actions, in any case", policy({ ...allow, Action: ["sts:TagSession", "STS:assumerole"] })],
  ["all actions", policy({ ...allow, Action: "sts:*" })],
  [
    "of this account and region, as the stack has it",
    under({
      StringEquals: { "aws:SourceAccount": origin.accountId },
      ArnLike: { "aws:SourceArn": `arn:aws:ecs:${origin.region}:${origin.accountId}:*` },
    }),
  ],
  ["of one account among several", under({ StringEquals: { "AWS:sourceaccount": ["1", origin.accountId] } })],
  [
    "ArnEquals knows wildcards, too",
    under({ ArnEquals: { "aws:SourceArn": "arn:aws:ecs:*:123456789012:task/cruddur/*" } }),
  ],
  ["not of another account", under({ StringNotEquals: { "aws:SourceAccount": "1" } })],
  ["a key that must be there and is", under({ Null: { "aws:SourceAccount": "false" } })],
  ["a key that may be absent", under({ StringEqualsIfExists: { "sts:ExternalId": "x" } })],
  ["a key that ECS doesn't send, unequal", under({ StringNotEquals: { "sts:ExternalId": "x" } })],
  [
    "a deny that can't be told from here",
    policy(allow, { ...allow, Effect: "Deny", Condition: { Bool: { "aws:ViaAWSService": "true" } } }),
  ],
  ["what can't be told from here", under({ StringEquals: { "aws:SourceOrgID": "o-1" } })],
  ["a deny of others", policy(allow, { ...allow, Effect: "Deny", Principal: { Service: "ec2.amazonaws.com" } })],
  [
    "a deny under a condition that doesn't hold",
    policy(allow, {
      ...allow,
      Effect: "Deny",
      Condition: { StringNotEquals: { "aws:SourceAccount": origin.accountId } },
    }),
  ],
])("assumable: %s", (_what, text) => {
  expect(whyNotAssumable(text, origin)).toBeUndefined();
});

test.each<[string, string, RegExp]>([
  ["another service", policy({ ...allow, Principal: { Service: "ec2.amazonaws.com" } }), /doesn't let ecs-tasks/],
  ["an account", policy({ ...allow, Principal: { AWS: "arn:aws:iam::123456789012:root" } }), /doesn't let ecs-tasks/],
  ["another action", policy({ ...allow, Action: "sts:AssumeRoleWithWebIdentity" }), /doesn't let ecs-tasks/],
  ["no statement", policy(), /doesn't let ecs-tasks/],
  ["no JSON", "%7B", /no JSON/],
  ["denied", policy(allow, { ...allow, Effect: "Deny" }), /denies it/],
  [
    "another account",
    under({ StringEquals: { "aws:SourceAccount": "210987654321" } }),
    /: StringEquals aws:SourceAccount$/,
  ],
  [
    "another region",
    under({ ArnLike: { "aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*" } }),
    /than 123456789012, eu-central-1, .*: ArnLike aws:SourceArn$/,
  ],
  ["an equality takes no wildcard", under({ StringEquals: { "aws:SourceAccount": "*" } }), /StringEquals/],
  ["a key that ECS doesn't send", under({ StringEquals: { "sts:ExternalId": "x" } }), /StringEquals sts:ExternalId/],
  ["a key that must be absent and isn't", under({ Null: { "aws:SourceArn": "true" } }), /Null aws:SourceArn/],
  [
    "all conditions must hold",
    under({ StringEquals: { "aws:SourceAccount": origin.accountId, "sts:ExternalId": "x" } }),
    /: StringEquals sts:ExternalId$/,
  ],
])("not assumable: %s", (_what, text, why) => {
  expect(whyNotAssumable(text, origin)).toMatch(why);
});

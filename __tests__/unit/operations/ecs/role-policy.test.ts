import { isAllowed, type PolicyStatement } from "../../../../operations/ecs/role-policy";

const action = "ssm:GetParameters";
const resource = "arn:aws:ssm:eu-central-1:123456789012:parameter/cruddur/A";
const allow = (more: object = {}): PolicyStatement => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...more,
});

test.each<[string, boolean | undefined, readonly (PolicyStatement[] | undefined)[]]>([
  ["as it stands", true, [[allow()]]],
  [
    "by patterns, in any case",
    true,
    [[allow({ Action: ["SSM:get*"], Resource: "arn:aws:ssm:*:*:parameter/cruddur/?" })]],
  ],
  [
    "by what is left out",
    true,
    [[allow({ Action: undefined, NotAction: "s3:*", Resource: undefined, NotResource: "arn:x" })]],
  ],
  ["beside others", true, [[], [{ Effect: "Allow", Action: "s3:*", Resource: "*" }], [allow()]]],
  ["not without a policy", false, []],
  ["not by another action", false, [[allow({ Action: "ssm:GetParameter" })]]],
  ["not for another resource", false, [[allow({ Resource: `${resource}/B` })]]],
  ["not where it is left out", false, [[allow({ Action: undefined, NotAction: "ssm:*" })]]],
  ["not against a denial", false, [[allow(), { Effect: "Deny", Action: "*", Resource: "*" }]]],
  ["perhaps under a condition", undefined, [[allow({ Condition: { StringEquals: { a: "b" } } })]]],
  [
    "perhaps under a conditional denial",
    undefined,
    [[allow(), { Effect: "Deny", Action: "*", Resource: "*", Condition: { Bool: { a: "b" } } }]],
  ],
  ["perhaps with what only a plan tells", undefined, [[allow({ Resource: "\u0000" })]]],
  ["perhaps by a policy's variable", undefined, [[allow({ Resource: "arn:aws:ssm:*:*:parameter/${aws:username}/A" })]]],
  ["not with what can't be, whatever a plan tells", false, [[allow({ Resource: "arn:aws:s3:\u0000" })]]],
  ["perhaps by a document that isn't known", undefined, [undefined]],
  ["whatever else isn't known", true, [undefined, [allow()]]],
])("%s: %s", (_what, expected, policies) => expect(isAllowed(policies, action, resource)).toBe(expected));

/**
 * The nine calls of X-Ray that Terraform makes for a group and a sampling rule, kept in memory: moto has none of them.
 * REST with JSON, as in https://docs.aws.amazon.com/xray/latest/api/API_Operations.html
 */
import { createServer, type Server } from "node:http";

type Fields = Record<string, unknown>;

interface Stored {
  readonly arn: string;
  readonly fields: Fields;
}

const account = "123456789012";

/** What the stand-in holds, each by name. */
export interface XrayContent {
  readonly groups: readonly (readonly [string, Stored])[];
  readonly rules: readonly (readonly [string, Stored])[];
}

const nothing: XrayContent = { groups: [], rules: [] };

/** Not a call of X-Ray: answers with the content, from which another stand-in can start. */
export const xrayContentPath = "/content";

/** Answers an operation's input with its output; undefined is InvalidRequestException. */
export function xrayOperations(
  region: string,
  content: XrayContent = nothing,
): Record<string, (input: Fields) => Fields | undefined> {
  const groups = new Map(content.groups);
  const rules = new Map(content.rules);

  const arnOf = (kind: string, name: unknown) => `arn:aws:xray:${region}:${account}:${kind}/${name}`;
  const find = (stored: Map<string, Stored>, name: unknown, arn: unknown) =>
    [...stored.entries()].find(([key, value]) => key === name || value.arn === arn);

  const group = ({ arn, fields }: Stored) => ({ Group: { ...fields, GroupARN: arn } });
  const ruleRecord = ({ arn, fields }: Stored) => ({
    SamplingRuleRecord: { SamplingRule: { ...fields, RuleARN: arn } },
  });

  return {
    CreateGroup: ({ Tags: _, ...fields }) => {
      const name = String(fields.GroupName);
      if (groups.has(name)) return undefined;
      const insights = { InsightsEnabled: false, NotificationsEnabled: false };
      const stored = { arn: `${arnOf("group", name)}/LOCAL`, fields: { InsightsConfiguration: insights, ...fields } };
      groups.set(name, stored);
      return group(stored);
    },
    GetGroup: ({ GroupName, GroupARN }) => {
      const found = find(groups, GroupName, GroupARN);
      return found && group(found[1]);
    },
    UpdateGroup: ({ GroupName, GroupARN, ...changed }) => {
      const found = find(groups, GroupName, GroupARN);
      if (found === undefined) return undefined;
      const stored = { ...found[1], fields: { ...found[1].fields, ...changed } };
      groups.set(found[0], stored);
      return group(stored);
    },
    DeleteGroup: ({ GroupName, GroupARN }) => {
      const found = find(groups, GroupName, GroupARN);
      return found && groups.delete(found[0]) ? {} : undefined;
    },
    CreateSamplingRule: ({ SamplingRule }) => {
      const fields = SamplingRule as Fields;
      const name = String(fields.RuleName);
      if (rules.has(name)) return undefined;
      const stored = { arn: arnOf("sampling-rule", name), fields: { Attributes: {}, ...fields } };
      rules.set(name, stored);
      return ruleRecord(stored);
    },
    GetSamplingRules: () => ({
      SamplingRuleRecords: [...rules.values()].map((rule) => ruleRecord(rule).SamplingRuleRecord),
    }),
    UpdateSamplingRule: ({ SamplingRuleUpdate }) => {
      const { RuleName, RuleARN, ...changed } = SamplingRuleUpdate as Fields;
      const found = find(rules, RuleName, RuleARN);
      if (found === undefined) return undefined;
      const stored = { ...found[1], fields: { ...found[1].fields, ...changed } };
      rules.set(found[0], stored);
      return ruleRecord(stored);
    },
    DeleteSamplingRule: ({ RuleName, RuleARN }) => {
      const found = find(rules, RuleName, RuleARN);
      return found && rules.delete(found[0]) ? ruleRecord(found[1]) : undefined;
    },
    ListTagsForResource: () => ({ Tags: [] }),
    [xrayContentPath.slice(1)]: () => ({ groups: [...groups], rules: [...rules] }),
  };
}

/** Listens on a free port of the loopback interface. */
export async function startXrayStandIn(
  region: string,
  content?: XrayContent,
): Promise<{ endpoint: string; server: Server }> {
  const operations = xrayOperations(region, content);
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const operation = operations[(request.url ?? "").slice(1)];
    const output = operation?.(text === "" ? {} : (JSON.parse(text) as Fields));
    const failure = { Message: `No such resource, or no such call: ${request.url}` };
    response.writeHead(output === undefined ? 400 : 200, {
      "content-type": "application/json",
      ...(output === undefined && { "x-amzn-errortype": "InvalidRequestException" }),
    });
    response.end(JSON.stringify(output ?? failure));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The X-Ray stand-in has no port");
  return { endpoint: `http://127.0.0.1:${address.port}`, server };
}

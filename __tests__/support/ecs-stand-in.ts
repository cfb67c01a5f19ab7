/**
 * ECS, ACM, the load balancer and STS as far as the operations call them, over HTTP and with what a test says AWS shall answer:
 * rollouts that fail, tasks that stop, targets and sessions, none of which moto has. ECS and ACM speak JSON 1.1, times are
 * seconds since 1970; the others take a form and answer in XML.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Call {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What is answered to a call: an object, or an error by its name. */
export type Answer = object | { readonly error: string; readonly message: string };

export interface EcsStandIn {
  readonly endpoint: string;
  /** Everything that is asked of ECS, in order. */
  readonly calls: readonly Call[];
  readonly callsOf: (action: string) => readonly Call[];
  /** Every action that was ever asked, sorted: `reset` doesn't forget it. */
  readonly actions: () => readonly string[];
  /** For processes that shall take it for AWS. */
  readonly environment: Readonly<Record<string, string>>;
  /** Answers an action from here on, each call with how many came before it (0 first). */
  on(action: string, answer: (input: Record<string, unknown>, before: number) => Answer): void;
  /** Forgets calls and answers. */
  reset(): void;
  stop(): Promise<void>;
}

/** A call of a command that ends in one sentence. */
export type Refusal = [
  what: string,
  args: string[],
  sentence: RegExp,
  prepare?: () => void,
  environment?: NodeJS.ProcessEnv,
];

export const standInAccount = "123456789012";
export const standInRegion = "eu-central-1";

export async function startEcsStandIn(): Promise<EcsStandIn> {
  const answers = new Map<string, (input: Record<string, unknown>, before: number) => Answer>();
  const calls: Call[] = [];
  const actions = new Set<string>();
  const callsOf = (action: string) => calls.filter((call) => call.action === action);
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const form = new URLSearchParams(body);
    const inJson = String(request.headers["x-amz-target"] ?? "").split(".")[1];
    if (form.get("Action") === "GetCallerIdentity") {
      response.setHeader("content-type", "text/xml").end(callerIdentity);
      return;
    }
    const action = inJson ?? form.get("Action") ?? "";
    const input: Record<string, unknown> = inJson === undefined ? Object.fromEntries(form) : JSON.parse(body);
    const before = callsOf(action).length;
    calls.push({ action, input });
    actions.add(action);
    const answer = answers.get(action)?.(input, before) ?? { error: "InvalidAction", message: `no ${action} here` };
    if (inJson === undefined) {
      const { error, message } = answer as { error?: string; message?: string };
      const told = error === undefined ? { [`${action}Result`]: answer } : { Error: { Code: error, Message: message } };
      const root = error === undefined ? `${action}Response` : "ErrorResponse";
      response.writeHead(error === undefined ? 200 : 400, { "content-type": "text/xml" }).end(xml({ [root]: told }));
      return;
    }
    response.setHeader("content-type", "application/x-amz-json-1.1");
    if (!("error" in answer)) response.end(JSON.stringify(answer));
    else
      response
        .writeHead(400)
        .end(JSON.stringify({ __type: answer.error, message: "message" in answer && answer.message }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    calls,
    callsOf,
    actions: () => [...actions].sort(),
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: standInRegion,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      // Nothing of the machine's own AWS configuration shall leak in.
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    on: (action, answer) => answers.set(action, answer),
    reset: () => {
      answers.clear();
      calls.length = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

/** Lists are of `member`. */
function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => xml({ member: one })).join("");
  if (typeof value !== "object" || value === null)
    return String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return Object.entries(value)
    .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
    .join("");
}

/** STS speaks XML. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const callerIdentity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::${standInAccount}:user/local</Arn><UserId>AIDALOCAL</UserId><Account>${standInAccount}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

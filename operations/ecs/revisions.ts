/** The revisions of a service's task definition, and how to go back to one. */
import {
  DescribeTaskDefinitionCommand,
  type ECSClient,
  paginateListTaskDefinitions,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { UserError } from "../../lib/user-error";
import { lastPart } from "./services";

export interface Revision {
  readonly revision: number;
  /** `FAMILY:REVISION` */
  readonly name: string;
  readonly arn: string;
  /** Whether the service runs it. */
  readonly current: boolean;
  /** Terraform deregisters what it replaces: such a one must be registered anew to be run. */
  readonly deregistered: boolean;
  /** ISO 8601. */
  readonly registeredAt: string | null;
  /** ARN of who registered it. */
  readonly registeredBy: string | null;
  /** By container. */
  readonly images: Readonly<Record<string, string>>;
  /** Name of the newest earlier revision that says the same, as after going back to one that was deregistered. */
  readonly copyOf: string | null;
}

const families = /^(.+):(\d+)$/;

function numberOf(arn: string): number {
  return Number(families.exec(lastPart(arn))?.[2]);
}

/** ARNs of a family, the newest first: those that are deregistered, too. */
async function arnsOf(ecs: ECSClient, family: string, most: number): Promise<string[]> {
  const found: string[] = [];
  for (const status of ["ACTIVE", "INACTIVE"] as const) {
    const ofStatus: string[] = [];
    const query = { familyPrefix: family, status, sort: "DESC" as const, maxResults: 100 };
    for await (const { taskDefinitionArns = [] } of paginateListTaskDefinitions({ client: ecs }, query)) {
      // The prefix takes other families, too.
      ofStatus.push(...taskDefinitionArns.filter((arn) => families.exec(lastPart(arn))?.[1] === family));
      if (ofStatus.length >= most) break;
    }
    found.push(...ofStatus);
  }
  return [...new Set(found)].sort((a, b) => numberOf(b) - numberOf(a)).slice(0, most);
}

/** What AWS adds to a task definition, and doesn't take. */
const addedByAws = new Set([
  ...["taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities"],
  ...["registeredAt", "registeredBy", "deregisteredAt"],
]);

function ownEntries(definition: TaskDefinition): [string, unknown][] {
  return Object.entries(definition).filter(([name]) => !addedByAws.has(name));
}

function contentOf(definition: TaskDefinition): string {
  return JSON.stringify(Object.fromEntries(ownEntries(definition).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function revisionOf(definition: TaskDefinition, current: string, copied: TaskDefinition | undefined): Revision {
  const {
    taskDefinitionArn: arn = "",
    revision = 0,
    status,
    registeredAt,
    registeredBy,
    containerDefinitions,
  } = definition;
  return {
    revision,
    name: lastPart(arn),
    arn,
    current: arn === current,
    deregistered: status === "INACTIVE",
    registeredAt: registeredAt?.toISOString() ?? null,
    registeredBy: registeredBy ?? null,
    images: Object.fromEntries((containerDefinitions ?? []).map(({ name = "", image = "" }) => [name, image])),
    copyOf: copied === undefined ? null : lastPart(copied.taskDefinitionArn ?? ""),
  };
}

/**
 * @param most how many to tell
 * @returns the newest first, the one that runs among them
 */
export async function revisionsOf(ecs: ECSClient, { taskDefinition = "" }: Service, most: number): Promise<Revision[]> {
  const family = families.exec(lastPart(taskDefinition))?.[1] ?? "";
  const arns = [...new Set([...(await arnsOf(ecs, family, most)), taskDefinition])];
  const definitions = await Promise.all(
    arns.map(
      async (arn) => (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }))).taskDefinition,
    ),
  );
  const known = definitions
    .flatMap((definition) => definition ?? [])
    .sort((a, b) => (b.revision ?? 0) - (a.revision ?? 0));
  const contents = known.map(contentOf);
  return known.map((definition, index) => {
    const copied = contents.indexOf(contents[index] ?? "", index + 1);
    return revisionOf(definition, taskDefinition, known[copied]);
  });
}

function originOf(revisions: readonly Revision[], one: Revision): Revision {
  const original = revisions.find(({ name }) => name === one.copyOf);
  return original === undefined ? one : originOf(revisions, original);
}

/**
 * @param wanted `7`, `:7` or `backend-flask:7`. @default the newest before the one that runs; where that one is a copy, before its
 *   original: between them is what somebody has gone back from
 * @throws UserError where there is no such one, or where it runs already
 */
export function chosenRevision(revisions: readonly Revision[], service: string, wanted?: string): Revision {
  const current = revisions.find((one) => one.current);
  const known = revisions.map(({ revision }) => revision).join(", ");
  if (wanted === undefined) {
    const origin = current && originOf(revisions, current);
    const before = revisions.find(({ revision }) => origin !== undefined && revision < origin.revision);
    if (before !== undefined) return before;
    const runs = origin === current ? `${current?.name}` : `${current?.name}, which is ${origin?.name} again`;
    throw new UserError(
      `${service} runs ${runs}, and there is no revision before it (known: ${known}): name another one with --to.`,
    );
  }
  const chosen = revisions.find(({ revision, name }) => [String(revision), `:${revision}`, name].includes(wanted));
  if (chosen === undefined) throw new UserError(`${service} has no revision ${wanted}: known are ${known}.`);
  if (chosen.current) throw new UserError(`${service} runs ${chosen.name} already: name another revision with --to.`);
  return chosen;
}

/** @returns the ARN of a revision that can be run: its own, or that of a copy of one that is deregistered */
export async function runnableRevision(ecs: ECSClient, { arn, deregistered }: Revision): Promise<string> {
  if (!deregistered) return arn;
  const { taskDefinition = {}, tags } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ["TAGS"] }),
  );
  const input = Object.fromEntries(ownEntries(taskDefinition)) as unknown as RegisterTaskDefinitionCommandInput;
  const copy = await ecs.send(new RegisterTaskDefinitionCommand({ ...input, ...(tags?.length && { tags }) }));
  return copy.taskDefinition?.taskDefinitionArn ?? arn;
}

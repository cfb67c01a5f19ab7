/**
 * A local AWS whose services live, as far as a user sees it: stands in front of moto, passes everything on to it, and adds what moto
 * hasn't. Services roll out: tasks of an image that is missing never start. RunTask runs its command as a process of this machine, with
 * the secrets of the task definition, and into the log. What moto forgets of a service is kept.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type RunTaskCommandInput,
  type TaskDefinition,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { container, deployment, task } from "../ecs-sample";
import type { Deployed } from "./deployed";

export interface LivingEcs {
  readonly endpoint: string;
  /** Ends what runs, too. */
  stop(): Promise<void>;
}

export interface LivingEcsOptions {
  /** Whether the registry doesn't have an image. @default it has all of them */
  readonly isMissing?: (image: string) => boolean;
  /** What a command of a task finds beside its secrets: PATH, and whatever the network would do. */
  readonly taskEnvironment?: NodeJS.ProcessEnv;
  /** @default a random one */
  readonly sessionToken?: string;
}

/** How long tasks take to start, or to fail, in milliseconds. */
const startMs = 500;

/** Since when what was there before runs. */
const longAgoMs = 60 * 60_000;

interface Rollout {
  readonly id: string;
  readonly taskDefinition: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** What can't be pulled. */
  readonly missingImage?: string;
  /** AWS's own words. */
  readonly reason?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: what ECS says, in its own words.
type Answer = any;
type Input = Readonly<Record<string, Answer>>;

interface LivingService {
  readonly name: string;
  readonly cluster: string;
  desiredCount: number;
  /** The newest first; those that it has replaced for good are gone. */
  rollouts: Rollout[];
  /** What it was told that moto forgets. */
  kept: Record<string, Answer>;
}

/** moto answers to these without what it was told; the values are those of services that were made before this stood here. */
const keptOfServices = {
  availabilityZoneRebalancing: "DISABLED",
  deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
  enableExecuteCommand: true,
};

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);
const seconds = (ms: number) => ms / 1000;
/** As AWS has ids of tasks, and the same each time that it is asked. */
const idOf = (...parts: readonly unknown[]) => createHash("md5").update(parts.join("/")).digest("hex");

class Living {
  private readonly services = new Map<string, LivingService>();
  private readonly oneOffs = new Map<string, Answer>();
  private readonly processes = new Set<ChildProcessByStdio<null, Readable, Readable>>();
  private readonly definitions = new Map<string, TaskDefinition>();
  private readonly ecs: ECSClient;
  private readonly ssm: SSMClient;
  private readonly logs: CloudWatchLogsClient;

  constructor(
    { aws, region }: Pick<Deployed, "aws" | "region">,
    private readonly options: LivingEcsOptions,
  ) {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const client = { endpoint: aws.endpoint, region, credentials };
    this.ecs = new ECSClient(client);
    this.ssm = new SSMClient(client);
    this.logs = new CloudWatchLogsClient(client);
  }

  /** What is answered to an action, by what moto answers. Other actions are moto's alone. */
  readonly actions: Readonly<Record<string, (input: Input, moto: () => Promise<Answer>) => Promise<Answer>>> = {
    CreateService: async (input, moto) => this.told(input, await moto()),
    UpdateService: async (input, moto) => this.told(input, await moto()),
    DescribeServices: async (_, moto) => {
      const answer = await moto();
      const services = [];
      for (const one of answer.services ?? []) services.push(await this.now(one));
      return { ...answer, services };
    },
    ListTasks: async (input) => ({ taskArns: this.tasks(input).map(({ taskArn }) => taskArn) }),
    DescribeTasks: async ({ cluster, tasks }) => ({
      tasks: ["RUNNING", "STOPPED"]
        .flatMap((desiredStatus) => this.tasks({ cluster, desiredStatus }))
        .filter(({ taskArn }) => tasks.map(lastPart).includes(lastPart(taskArn))),
      failures: [],
    }),
    RunTask: async (input) => ({ tasks: [await this.run(input as RunTaskCommandInput)], failures: [] }),
    StartSession: async () => ({
      SessionId: "session-1",
      StreamUrl: "wss://stream.example.com/1",
      TokenValue: this.options.sessionToken ?? randomUUID(),
    }),
    // Of what scales services. moto doesn't know the action; the stacks set no tags there.
    ListTagsForResource: async ({ ResourceARN }, moto) => (ResourceARN === undefined ? moto() : { Tags: {} }),
  };

  end(): void {
    for (const child of this.processes) child.kill("SIGKILL");
  }

  private async told(input: Input, { service }: Answer): Promise<Answer> {
    const known = await this.known(service);
    for (const name of Object.keys(keptOfServices)) {
      const [before, value] = [known.kept[name], input[name]];
      // Of the deployment's configuration, only what changes is told.
      if (value !== undefined) known.kept[name] = typeof value === "object" ? { ...before, ...value } : value;
    }
    const isOther = known.rollouts[0]?.taskDefinition !== service.taskDefinition;
    if (isOther || input.forceNewDeployment === true) {
      // Only what runs already goes on beside the new one.
      known.rollouts = [await this.rollout(service.taskDefinition), ...known.rollouts.filter(isUp)];
    }
    return { service: await this.now(service) };
  }

  private async rollout(taskDefinition: string, createdAt = Date.now()): Promise<Rollout> {
    const { containerDefinitions = [] } = await this.definition(taskDefinition);
    const images = containerDefinitions.map(({ image = "" }) => image);
    const missingImage = images.find((image) => this.options.isMissing?.(image));
    return { id: `ecs-svc/${idOf(taskDefinition, randomUUID())}`, taskDefinition, createdAt, missingImage };
  }

  private async definition(arn: string): Promise<TaskDefinition> {
    const known = this.definitions.get(arn);
    if (known !== undefined) return known;
    const { taskDefinition = {} } = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
    this.definitions.set(arn, taskDefinition);
    return taskDefinition;
  }

  /** One that was there before runs. */
  private async known({
    serviceArn,
    serviceName,
    clusterArn,
    taskDefinition,
    desiredCount,
  }: Answer): Promise<LivingService> {
    const running = await this.rollout(taskDefinition, Date.now() - longAgoMs);
    const known = this.services.get(serviceArn) ?? {
      name: serviceName,
      cluster: lastPart(clusterArn),
      desiredCount,
      rollouts: [running],
      kept: { ...keptOfServices },
    };
    known.desiredCount = desiredCount;
    this.services.set(serviceArn, known);
    return known;
  }

  private async now(service: Answer): Promise<Answer> {
    if (service.status !== "ACTIVE") {
      this.services.delete(service.serviceArn);
      return service;
    }
    const known = await this.known(service);
    const taskDefinition = (await this.wayBack(known)) ?? service.taskDefinition;
    const { rollouts, name, desiredCount, kept } = known;
    const [primary] = rollouts as [Rollout];
    if (isUp(primary)) known.rollouts = [primary];
    const running = known.rollouts.some(isUp) ? desiredCount : 0;
    const pending = isUp(primary) || primary.missingImage !== undefined ? 0 : desiredCount;
    return {
      ...service,
      ...kept,
      taskDefinition,
      runningCount: running,
      pendingCount: pending,
      deployments: known.rollouts.map((one) => ({
        ...deployment(one.id),
        id: one.id,
        status: one === primary ? "PRIMARY" : "ACTIVE",
        taskDefinition: one.taskDefinition,
        desiredCount: one === primary || isUp(one) ? desiredCount : 0,
        runningCount: isUp(one) ? desiredCount : 0,
        pendingCount: one === primary ? pending : 0,
        failedTasks: failuresOf(one),
        rolloutState: isUp(one) ? "COMPLETED" : "IN_PROGRESS",
        rolloutStateReason: one.reason ?? `ECS deployment ${one.id} ${isUp(one) ? "completed" : "in progress"}.`,
        createdAt: seconds(one.createdAt),
        networkConfiguration: service.networkConfiguration,
      })),
      events: known.rollouts.flatMap((one) => eventsOf(name, one)),
    };
  }

  /** The circuit breaker's way back. @returns the task definition that it goes back to; undefined where there is nothing to do */
  private async wayBack({ cluster, name, kept, rollouts }: LivingService): Promise<string | undefined> {
    const { enable, rollback } = kept.deploymentConfiguration.deploymentCircuitBreaker ?? {};
    const [primary, ...others] = rollouts as [Rollout, ...Rollout[]];
    const good = others.find(isUp);
    if (!enable || !rollback || failuresOf(primary) < mostFailures || good === undefined) return undefined;
    const { taskDefinition } = good;
    const reason = `ECS deployment circuit breaker: rolling back to deploymentId ${good.id}.`;
    rollouts.splice(0, rollouts.length, { ...(await this.rollout(taskDefinition)), reason }, good);
    await this.ecs.send(new UpdateServiceCommand({ cluster, service: name, taskDefinition }));
    return taskDefinition;
  }

  private tasks({ cluster = "default", serviceName, desiredStatus = "RUNNING" }: Input): Answer[] {
    const own = [...this.services.values()].filter(
      (one) => one.cluster === lastPart(cluster) && (serviceName === undefined || one.name === lastPart(serviceName)),
    );
    const ofServices = own.flatMap((service) =>
      desiredStatus === "STOPPED"
        ? service.rollouts.flatMap((one) => this.failedTasks(service, one))
        : service.rollouts
            .filter(isUp)
            .slice(0, 1)
            .flatMap((one) => this.runningTasks(service, one)),
    );
    const alone = serviceName === undefined ? [...this.oneOffs.values()] : [];
    return [...ofServices, ...alone.filter((one) => one.desiredStatus === desiredStatus)];
  }

  private task(cluster: string, taskDefinition: string, id: string, more: object): Answer {
    const { containerDefinitions = [] } = this.definitions.get(taskDefinition) ?? {};
    const taskArn = taskDefinition.replace(/:task-definition\/.*/, `:task/${cluster}/${id}`);
    return {
      ...task(id, ""),
      taskArn,
      clusterArn: taskArn.replace(/:task\/.*/, `:cluster/${cluster}`),
      taskDefinitionArn: taskDefinition,
      containers: containerDefinitions.map(({ name = "", image }) => container(name, { image })),
      ...more,
    };
  }

  private runningTasks({ cluster, name, desiredCount }: LivingService, one: Rollout): Answer[] {
    return Array.from({ length: desiredCount }, (_, index) =>
      this.task(cluster, one.taskDefinition, idOf(one.id, index), {
        group: `service:${name}`,
        startedBy: one.id,
        startedAt: seconds(one.createdAt),
      }),
    );
  }

  private failedTasks({ cluster, name }: LivingService, one: Rollout): Answer[] {
    return Array.from({ length: failuresOf(one) }, (_, index) =>
      this.task(cluster, one.taskDefinition, idOf(one.id, "failed", index), {
        group: `service:${name}`,
        startedBy: one.id,
        ...stopped("TaskFailedToStart", `CannotPullContainerError: ${one.missingImage}: not found`),
        containers: [],
      }),
    );
  }

  private async run({ taskDefinition: arn = "", cluster = "default", overrides, startedBy }: RunTaskCommandInput) {
    const [{ name = "", command: [file = "", ...args] = [] } = {}] = overrides?.containerOverrides ?? [];
    const { containerDefinitions = [], family } = await this.definition(arn);
    const own = containerDefinitions.find((one) => one.name === name) ?? {};
    const id = idOf(randomUUID());
    const shown = this.task(lastPart(cluster), arn, id, { group: `family:${family}`, startedBy });
    this.oneOffs.set(id, shown);
    const write = await this.logOf(own, id);
    const env = { ...(await this.environmentOf(own)), ...this.options.taskEnvironment };
    const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.processes.add(child);
    let written: Promise<unknown> = Promise.resolve();
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => (written = written.then(() => write(line))));
    const end = async (exitCode: number | null, reason?: string) => {
      await written;
      this.processes.delete(child);
      const code = exitCode === null ? stopped("TaskFailedToStart", reason ?? "") : essentialEnded;
      const containers = shown.containers.map((one: Answer) =>
        one.name === name && exitCode !== null ? { ...one, exitCode } : one,
      );
      this.oneOffs.set(id, { ...shown, ...code, containers });
    };
    child.once("error", ({ message }) => void end(null, `CannotStartContainerError: ${message}`));
    child.once("close", (exitCode, signal) => child.pid && void end(exitCode ?? (signal === null ? 1 : 137)));
    return { ...shown, lastStatus: "PROVISIONING" };
  }

  /** As ECS resolves it when a task starts. */
  private async environmentOf({ environment = [], secrets = [] }: ContainerDefinition): Promise<NodeJS.ProcessEnv> {
    const found = Object.fromEntries(environment.map(({ name = "", value }) => [name, value]));
    for (const { name = "", valueFrom = "" } of secrets) {
      const Name = valueFrom.replace(/^arn:.*:parameter/, "");
      const { Parameter } = await this.ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
      found[name] = Parameter?.Value;
    }
    return found;
  }

  /** By the driver awslogs. */
  private async logOf({ name, logConfiguration }: ContainerDefinition, id: string) {
    const options = logConfiguration?.options ?? {};
    const stream = {
      logGroupName: options["awslogs-group"],
      logStreamName: `${options["awslogs-stream-prefix"]}/${name}/${id}`,
    };
    await this.logs.send(new CreateLogStreamCommand(stream));
    return (message: string) =>
      this.logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ message, timestamp: Date.now() }] }));
  }
}

const isUp = ({ missingImage, createdAt }: Rollout) => missingImage === undefined && Date.now() - createdAt >= startMs;

/** ECS tries again and again; the circuit breaker gives up after three. */
const mostFailures = 3;
const failuresOf = ({ missingImage, createdAt }: Rollout) =>
  missingImage === undefined ? 0 : Math.min(mostFailures, Math.floor((Date.now() - createdAt) / startMs));

function eventsOf(name: string, one: Rollout): object[] {
  const [id, createdAt] = [idOf(one.id, isUp(one)), seconds(one.createdAt)];
  if (isUp(one)) return [{ id, createdAt, message: `(service ${name}) has reached a steady state.` }];
  if (failuresOf(one) === 0) return [];
  return [{ id, createdAt, message: `(service ${name}) was unable to consistently start tasks successfully.` }];
}

const stopped = (stopCode: string, stoppedReason: string) => ({
  lastStatus: "STOPPED",
  desiredStatus: "STOPPED",
  stopCode,
  stoppedReason,
});
const essentialEnded = stopped("EssentialContainerExited", "Essential container in task exited");

/** Whose actions are looked at; of all others, the same names are other things. */
const services = /^(AmazonEC2ContainerServiceV\d+|AmazonSSM|AnyScaleFrontendService)\.(\w+)$/;

/** @param deployed whose AWS this stands in front of */
export async function startLivingEcs(
  deployed: Pick<Deployed, "aws" | "region">,
  options: LivingEcsOptions = {},
): Promise<LivingEcs> {
  const living = new Living(deployed, options);
  const moto = new URL(deployed.aws.endpoint);
  const server = createServer(async (request, response) => {
    const body = await bytesOf(request);
    const pass = () => passedOn(moto, request, body);
    const [, , name = ""] = services.exec(String(request.headers["x-amz-target"] ?? "")) ?? [];
    const action = living.actions[name];
    try {
      if (action === undefined) {
        const { status, headers, bytes } = await pass();
        response.writeHead(status, headers).end(bytes);
        return;
      }
      const answer = await action(JSON.parse(body.toString()), async () => {
        const { status, bytes } = await pass();
        if (status !== 200) throw new Refused(status, bytes);
        return JSON.parse(bytes.toString());
      });
      response.setHeader("content-type", "application/x-amz-json-1.1").end(JSON.stringify(answer));
    } catch (error) {
      const { status, bytes } = error instanceof Refused ? error : { status: 500, bytes: String(error) };
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(bytes);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      living.end();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** moto's own refusal, which is passed on as it is. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly bytes: Buffer,
  ) {
    super();
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function passedOn(
  { hostname, port, host }: URL,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: IncomingHttpHeaders; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path: url, headers: { ...headers, host } };
    const passing = send(options, async (answer) => {
      const bytes = await bytesOf(answer);
      resolve({ status: answer.statusCode ?? 502, headers: answer.headers, bytes });
    });
    passing.once("error", reject).end(body);
  });
}

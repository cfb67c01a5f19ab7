/**
 * Why an engine's command failed, in the words of who failed. A build runs other people's programs, so nothing is read into
 * what they print: the failed step is named, with its last lines. Only the engine's own errors are explained.
 */
import { stripVTControlCharacters } from "node:util";
import { isEcrHost } from "../services/images";

export interface Failure {
  readonly engine: string;
  /** The engine's arguments; the first is its command. */
  readonly args: readonly string[];
  readonly registry: string;
  readonly exitCode: number;
  /** Both outputs as they came. */
  readonly lines: readonly string[];
}

type Explanation = readonly [pattern: RegExp, meaning: (failure: Failure) => string];

const unreachable: Explanation = [
  /cannot connect to the docker daemon|is the docker daemon running|unable to connect to podman|dial unix \S+ connect: /i,
  ({ engine }) =>
    `the engine of "${engine}" isn't running or can't be reached: start it, or name another with --engine`,
];
const noSpace: Explanation = [
  /no space left on device/i,
  () => "there is no space left on the disk of the engine: make room, or prune its images",
];

/** Of the engine's last line in a build, of all that it says otherwise. */
const explanations: Readonly<Record<string, readonly Explanation[]>> = {
  build: [
    unreachable,
    noSpace,
    [
      /short-name .*did not resolve to an alias/i,
      ({ engine }) =>
        `"${engine}" doesn't know of which registry a FROM without a host is: write docker.io/library/NAME, or docker.io/OWNER/NAME, in the Dockerfile`,
    ],
  ],
  push: [
    unreachable,
    [
      /no basic auth credentials|unauthorized|authentication required|authorization token has expired|denied: your/i,
      ({ engine, registry }) =>
        isEcrHost(registry)
          ? `"${engine}" isn't logged in to ${registry}, or its token of twelve hours has expired: run bin/ecr/login`
          : `"${engine}" isn't logged in to ${registry}: run ${engine} login ${registry}`,
    ],
    [
      /name unknown|repository with name .* does not exist|repository does not exist/i,
      ({ registry }) => `there is no such repository in ${registry}: deploy the stack app, which makes it`,
    ],
    noSpace,
  ],
  login: [
    unreachable,
    [
      /error (storing|saving) credentials[\s\S]*not implemented/i,
      ({ engine, registry }) =>
        `a credential helper of "${engine}" takes no logins ("not implemented"), as Amazon's docker-credential-ecr-login doesn't: it gets ECR's tokens by itself, so try the push without bin/ecr/login, or take the helper for ${registry} out of credHelpers and credsStore in ~/.docker/config.json`,
    ],
    [
      /error (storing|saving|getting) credentials[\s\S]*(executable file not found|no such file)/i,
      ({ engine }) =>
        `the credential helper that "${engine}" is configured with isn't installed: install it, or take it out of credHelpers and credsStore in ~/.docker/config.json`,
    ],
    [
      /unauthorized|authentication required|failed with status: 40[13]/i,
      ({ engine, registry }) => `${registry} doesn't let "${engine}" in: look whether it is the account's own registry`,
    ],
  ],
};

/** How many lines of a failed step are shown, and how much of each. */
const [mostLines, mostCharacters] = [10, 300];

/** One sentence; behind it, for a failed step, its last lines. */
export function explainFailure(failure: Failure): string {
  const { engine, args, exitCode } = failure;
  const [command = ""] = args;
  const lines = failure.lines.map((line) => stripVTControlCharacters(line).trimEnd()).filter((line) => line !== "");
  const last = lines.at(-1) ?? `exit code ${exitCode}`;
  const engines = command === "build" ? last : lines.join("\n");
  const [, meaning] = explanations[command]?.find(([pattern]) => pattern.test(engines)) ?? [];
  const begun = `${engine} ${command} failed`;
  const step = command === "build" ? failedStep(lines) : undefined;
  if (step === undefined) {
    return meaning === undefined ? `${begun}: ${last}.` : `${begun}: ${meaning(failure)}. It said: ${last}`;
  }
  const words = step.words.slice(-mostLines).map((line) => `\n  ${line.slice(0, mostCharacters)}`);
  return `${begun} in the step ${step.name}: ${last}.${words.length === 0 ? "" : ` Its last lines:${words.join("")}`}`;
}

interface Step {
  readonly name: string;
  /** What its program said. */
  readonly words: readonly string[];
}

/** The step of a Dockerfile that ended a build. @returns undefined where none did */
function failedStep(lines: readonly string[]): Step | undefined {
  return stepOfBuildKit(lines) ?? stepOfOthers(lines);
}

/** Its summary: ` > [2/3] RUN npm ci:`, and the step's output up to dashes. */
function stepOfBuildKit(lines: readonly string[]): Step | undefined {
  const start = lines.findLastIndex((line) => /^ > .*:$/.test(line));
  if (start < 0) return undefined;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^-{6,}$/.test(line));
  return {
    name: (lines[start] ?? "").replace(/^ > (\[[^\]]*\] )?|:$/g, ""),
    words: rest.slice(0, end < 0 ? undefined : end).map((line) => line.replace(/^\d+\.\d+ /, "")),
  };
}

/** podman and buildah: `Error: building at STEP "RUN npm ci": …`. Docker without BuildKit: `The command '…' returned …`. */
function stepOfOthers(lines: readonly string[]): Step | undefined {
  const last = lines.at(-1) ?? "";
  const [, podmans, dockers] =
    /building at STEP "(.*?)": |^The command '(.*)' returned a non-zero code/.exec(last) ?? [];
  const name = podmans ?? dockers;
  if (name === undefined) return undefined;
  const heading = lines.findLastIndex((line) => /^(\[\d+\/\d+\] )?STEP \d+\/\d+: |^Step \d+\/\d+ : /.test(line));
  const words = lines
    .slice(heading + 1, -1)
    .filter((line) => !/^( ---> (Running in )?[0-9a-f]+|subprocess exited with status \d+)$/.test(line));
  return { name, words };
}

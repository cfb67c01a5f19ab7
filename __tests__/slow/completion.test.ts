/** The script of bin/completion in bash itself. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { project } from "../support/project";
import { onTerminal } from "../support/terminal";

/** What bash would offer for the last word, by the function that is registered for the first; an array of its own a line. */
function offered(lines: readonly string[], cwd = project): string[] {
  const script = `source <(${join(project, "bin", "completion")})
    while read -r -a COMP_WORDS; do
      [ "\${COMP_WORDS[-1]}" = _ ] && COMP_WORDS[-1]=""
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      registered=$(complete -p "\${COMP_WORDS[0]}") || exit
      [[ $registered =~ -F\\ ([^ ]+) ]]
      COMPREPLY=()
      "\${BASH_REMATCH[1]}" "\${COMP_WORDS[0]}" "\${COMP_WORDS[-1]}" "\${COMP_WORDS[-2]}"
      echo "\${COMPREPLY[*]}"
    done`;
  const output = execFileSync("bash", ["--norc", "--noprofile", "-c", script], { cwd, input: `${lines.join("\n")}\n` });
  return output.toString().trimEnd().split("\n");
}

test("every command of bin/ completes, in the project's folder and from anywhere", () => {
  const names = execFileSync("find", ["bin", "-type", "f"], { cwd: project, encoding: "utf8" }).trim().split("\n");
  const typed = names.flatMap((name) => [name, `./${name}`, join(project, name)]);
  const script = `source <(bin/completion); complete -p ${typed.map((one) => `'${one}'`).join(" ")}`;
  const output = execFileSync("bash", ["--norc", "-c", script], { cwd: project, encoding: "utf8" });
  expect(output.trim().split("\n")).toHaveLength(typed.length);
  expect(() =>
    execFileSync("bash", ["--norc", "-c", "source <(bin/completion); complete -p diff"], {
      cwd: project,
      stdio: "ignore",
    }),
  ).toThrow();
});

test("options, services, containers, stacks and images", () => {
  const found = offered([
    "bin/deploy --sav",
    "./bin/ecs/run backend-f",
    "bin/ecs/connect backend-flask _",
    "bin/ecs/redeploy backend-flask backend-",
    "bin/ecs/logs --container e",
    "bin/deploy network _",
    "bin/build-push front",
    "bin/svc-envoy/build-push --dr",
    "bin/db/connect -- -",
    "bin/db/seed --c",
  ]);
  expect(found).toEqual([
    "--save --saved",
    "backend-flask",
    "backend-flask envoy xray",
    "backend-authz",
    "envoy",
    "app",
    "frontend",
    "--dry-run",
    "",
    "--confirm",
  ]);
}, 120_000);

test("Tab at a terminal, in another folder", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "completion-"));
  const bash = onTerminal("bash", ["--norc", "--noprofile", "-i"], { cwd, env: { ...process.env, PS1: "ready> " } });
  try {
    await bash.sees("ready> ");
    bash.types(`source <(${join(project, "bin", "completion")}); echo sour''ced\r`);
    await bash.sees("sourced\r\n");
    bash.types(`${join(project, "bin", "ecs", "status")} backend-f\t`);
    await bash.sees("backend-flask ");
    bash.types("--wat\t");
    await bash.sees("backend-flask --watch ");
    bash.types("\u0015exit\r");
    expect(await bash.ended).toBe(0);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}, 60_000);

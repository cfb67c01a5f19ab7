/** Prints the effective settings and where each comes from. Reads no state and synthesizes nothing. */

import { suggestion } from "../lib/nearest";
import { project } from "../lib/project";
import { table } from "../lib/table";
import { shown, UserError } from "../lib/user-error";
import { type EffectiveSetting, loadSettings } from "../settings/load";
import { newCommand, perform } from "./shared/command";
import { type JsonOption, withJson } from "./shared/options";

const command = withJson(
  newCommand(
    "npm run settings --",
    "Lists the effective settings: value, where it comes from, the environment variable that overrides it, what it is for and what is allowed.",
  ).argument("[setting...]", "only these, or those below them: authz, backend, backend.keys (default: all)"),
  "an object of all settings",
);

perform<JsonOption>(command, ({ json }, names) => {
  const { settings, effective } = loadSettings({ directory: project });
  if (json) {
    console.log(JSON.stringify(settings, null, 2));
    return;
  }
  for (const name of names) {
    if (!effective.some((setting) => isBelow(setting, name))) throw noSuchSetting(name, effective);
  }
  const shownSettings = effective.filter(
    (setting) => names.length === 0 || names.some((name) => isBelow(setting, name)),
  );
  const rows = shownSettings.map(({ path, value, origin, variable }) => [path, text(value), origin, variable]);
  const [head, ...lines] = table(["SETTING", "VALUE", "FROM", "OVERRIDDEN BY"], rows).split("\n");
  console.log(head);
  for (const [index, line] of lines.entries()) {
    const setting = shownSettings[index];
    console.log(setting === undefined ? line : `${line}\n${explained(setting)}`);
  }
});

function isBelow({ path }: EffectiveSetting, name: string): boolean {
  return path === name || path.startsWith(`${name}.`);
}

function noSuchSetting(name: string, effective: readonly EffectiveSetting[]): UserError {
  const known = effective.flatMap(({ path }) => [path, path.split(".")[0] ?? path]);
  return new UserError(
    `There is no setting ${shown(name)}: ${suggestion(name, known, "`npm run settings` lists them all")}`,
  );
}

/** An optional one that nobody has set has no value. */
function text(value: unknown): string {
  return value === undefined ? "-" : JSON.stringify(value);
}

function explained({ purpose, allowed, defaultValue }: EffectiveSetting): string {
  const otherwise = defaultValue === undefined ? "" : ` (default: ${text(defaultValue)})`;
  return `    ${purpose}\n    Allowed: ${allowed}${otherwise}`;
}

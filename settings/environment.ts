/** The settings that environment variables carry, as shells, .env files and CI hand them on. */
import * as z from "zod";
import { suggestion } from "../lib/nearest";
import { printable } from "../lib/printable";
import { parsedJsonc } from "./file";
import { type SettingLeaf, settingLeaves } from "./leaves";

/** Names the settings file; a relative one counts from the project's folder. */
export const settingsFileVariable = "CRUDDUR_SETTINGS";
const prefix = "CRUDDUR_";

const quotes = [`""`, "''", "“”", "‘’"];

/**
 * A variable without what isn't the user's: white space around it, as a .env file of Windows leaves at its ends, and quotation
 * marks that docker's --env-file and cmd.exe hand on.
 * @returns undefined for nothing: CI gives an empty text for a variable that isn't set
 */
export function cleanVariable(text: string | undefined): string | undefined {
  const trimmed = text?.replace(/^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu, "") ?? "";
  const isQuoted = quotes.some(([open = "", close = ""]) => trimmed.startsWith(open) && trimmed.endsWith(close));
  const value = isQuoted && trimmed.length > 1 ? trimmed.slice(1, -1).trim() : trimmed;
  return value === "" ? undefined : value;
}

export interface EnvironmentSettings {
  readonly values: readonly { readonly leaf: SettingLeaf; readonly value: unknown }[];
  /** Names that mean no setting, each a sentence. */
  readonly problems: readonly string[];
}

export function environmentSettings(environment: NodeJS.ProcessEnv): EnvironmentSettings {
  const values: EnvironmentSettings["values"][number][] = [];
  const problems: string[] = [];
  for (const [variable, given] of Object.entries(environment)) {
    const text = cleanVariable(given);
    if (variable === settingsFileVariable || text === undefined) continue;
    const leaf = settingLeaves.find((candidate) => candidate.variable === variable);
    if (leaf !== undefined) {
      const { value, twice = [] } = settingValue(leaf, text);
      values.push({ leaf, value });
      for (const { path } of twice)
        problems.push(`${leaf.path} (${variable}) has ${printable(path)} more than once: keep one`);
    } else if (looksLikeSetting(variable)) problems.push(unknownVariable(variable));
  }
  return { values, problems };
}

/** In any case of letters: one that is read by nobody may be a guard. */
function looksLikeSetting(variable: string): boolean {
  return (
    variable.startsWith(prefix) || settingLeaves.some((candidate) => candidate.variable === variable.toUpperCase())
  );
}

function unknownVariable(variable: string): string {
  const known = [...settingLeaves.map((candidate) => candidate.variable), settingsFileVariable];
  const hint = suggestion(variable, known, `known are ${known.join(", ")}`);
  return `${printable(variable)} (environment) is not a setting: ${hint}`;
}

/** A leaf that is not text takes JSON (`true`, `["a"]`), or else the text, refused later; a list of texts also `a,b`. */
function settingValue(
  { schema }: SettingLeaf,
  text: string,
): { readonly value: unknown; readonly twice?: readonly { readonly path: string }[] } {
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return { value: text };
  if (schema instanceof z.ZodBoolean && /^(true|false)$/i.test(text)) return { value: text.toLowerCase() === "true" };
  if (schema instanceof z.ZodArray && !text.startsWith("[")) {
    const items = text.split(/[\s,;]+/).map((item) => item.replace(/^["']|["']$/g, ""));
    return { value: items.filter((item) => item !== "") };
  }
  const { value, error, twice } = parsedJsonc(text);
  return error === undefined ? { value, twice } : { value: text };
}

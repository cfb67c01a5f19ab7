/** The single settings of the schema: their names, variables, and what the schema says about each. */
import * as z from "zod";
import { settingsSchema } from "./schema";

/** One setting that can be set: `database.instanceClass`, in the environment `CRUDDUR_DATABASE_INSTANCE_CLASS`. */
export interface SettingLeaf {
  readonly path: string;
  readonly variable: string;
  /** What it is for, as a sentence. */
  readonly purpose: string;
  /** What it takes: `true or false`. */
  readonly allowed: string;
  readonly schema: z.ZodType;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? unwrapped(schema.unwrap() as z.ZodType)
    : schema;
}

function leavesOf(schema: z.ZodType, path: readonly string[]): SettingLeaf[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([key, child]) => leavesOf(child as z.ZodType, [...path, key]));
  }
  const words = path.map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  const { purpose, allowed } = schema.meta() ?? {};
  const name = path.join(".");
  if (typeof purpose !== "string" || typeof allowed !== "string") {
    throw new Error(
      `The setting ${name} says not what it is for and what is allowed: give .meta({ purpose, allowed })`,
    );
  }
  return [{ path: name, variable: `CRUDDUR_${words.join("_")}`, purpose, allowed, schema: inner }];
}

export const settingLeaves: readonly SettingLeaf[] = leavesOf(settingsSchema, []);

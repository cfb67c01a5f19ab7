/** A change of one setting, so that a kept trial has a plan that changes something. */
import type { Settings } from "../../settings/schema";

export interface SampleChange {
  /** `backendTraces: "collector"`, as settings.json has it. */
  readonly setting: string;
  readonly settings: Settings;
  /** What overrides the setting. */
  readonly environment: Readonly<Record<string, string>>;
}

export function sampleChange(settings: Settings): SampleChange {
  const backendTraces = settings.backendTraces === "xray" ? "collector" : "xray";
  return {
    setting: `"backendTraces": "${backendTraces}"`,
    settings: { ...settings, backendTraces },
    environment: { CRUDDUR_BACKEND_TRACES: backendTraces },
  };
}

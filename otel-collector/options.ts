/** The options of `npm run render:collector`. */
import { shown, UserError } from "../lib/user-error";
import { type HoneycombRegion, honeycombEndpoints } from "../services/names";
import type { CollectorOptions } from "./configuration";

/** As they stand on the command line; absent ones have defaults. */
export interface RenderOptions {
  readonly endpoint?: string;
}

export interface RenderSettings {
  readonly honeycomb: { readonly region: HoneycombRegion };
}

/** What the options and settings ask for. @throws UserError for an endpoint that is none */
export function collectorOptions({ endpoint }: RenderOptions, { honeycomb }: RenderSettings): CollectorOptions {
  const honeycombEndpoint = honeycombEndpoints[honeycomb.region];
  return { honeycombEndpoint: endpoint === undefined ? honeycombEndpoint : checkedEndpoint(endpoint) };
}

function checkedEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const secret = url !== undefined && (url.username !== "" || url.password !== "");
  // A dollar sign begins an expression of the collector's.
  const usable = /^https?:$/.test(url?.protocol ?? "") && !secret && !/[\s?#$]/.test(text);
  if (usable) return text.replace(/\/+$/, "");
  // One with a password isn't shown.
  const received = secret ? "a URL with user or password" : shown(text);
  throw new UserError(
    `--endpoint is ${received}: give an http(s) URL to which "/v1/traces" can be added, such as "http://localhost:4319".`,
  );
}

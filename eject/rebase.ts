/** Paths that count from a stack's folder, as they are from another folder. */
import { isAbsolute, relative, resolve } from "node:path";
import { isObject, type Json } from "../terraform/hcl/resource";

/** Folder of what cdktf copies for modules of one's own, in a stack's folder. */
const moduleAsset = /^\.\/assets\/__cdktf_module_asset_\w+\/[0-9A-F]+/;

export interface Rebased {
  readonly json: Json;
  /** Folders to copy, from the stack's folder to the module's. */
  readonly copies: ReadonlyMap<string, string>;
}

export function rebased(json: Json, from: string, to: string): Rebased {
  const copies = new Map<string, string>();
  const path = (text: string) => (isAbsolute(text) ? text : relative(to, resolve(from, text)));
  const pathIn = (body: unknown, key: string): unknown =>
    isObject(body) && typeof body[key] === "string" ? { ...body, [key]: path(body[key]) } : body;
  const source = (name: string, text: string): string => {
    const asset = moduleAsset.exec(text)?.[0];
    if (asset !== undefined) {
      const inner = text.slice(asset.length);
      const target = inner === "" || inner === "/" ? `./modules/${name}` : "./modules";
      copies.set(asset, target);
      return target + inner;
    }
    // What lies in the stack's folder is copied with it.
    const isOwn = !relative(from, resolve(from, text)).startsWith("..");
    return /^\.\.?\//.test(text) && !isOwn ? path(text) : text;
  };
  const changed: Record<string, unknown> = { ...json };
  if (isObject(json.terraform) && isObject(json.terraform.backend) && "local" in json.terraform.backend) {
    changed.terraform = { ...json.terraform, backend: { local: pathIn(json.terraform.backend.local, "path") } };
  }
  if (isObject(json.data) && isObject(json.data.terraform_remote_state)) {
    const states = Object.entries(json.data.terraform_remote_state).map(([name, state]) =>
      isObject(state) && state.backend === "local"
        ? [name, { ...state, config: pathIn(state.config, "path") }]
        : [name, state],
    );
    changed.data = { ...json.data, terraform_remote_state: Object.fromEntries(states) };
  }
  if (isObject(json.module)) {
    changed.module = Object.fromEntries(
      Object.entries(json.module).map(([name, body]) =>
        isObject(body) && typeof body.source === "string"
          ? [name, { ...body, source: source(name, body.source) }]
          : [name, body],
      ),
    );
  }
  return { json: changed, copies };
}

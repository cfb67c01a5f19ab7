import { readdirSync, readFileSync } from "node:fs";

/**
 * How a value may show in a text: as it is, in JSON (plain, as Terraform escapes it, and JSON within JSON), in a URL, in
 * base64 at each of its three alignments.
 */
export function encodedForms(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const terraform = json.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026");
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.from("x".repeat(shift) + value).toString("base64");
    // The first and last characters depend on what stands around the value.
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  const nested = [json, terraform].map((text) => JSON.stringify(text).slice(1, -1));
  const url = [encodeURIComponent(value), encodeURI(value), new URLSearchParams({ v: value }).toString().slice(2)];
  return [...new Set([value, json, terraform, ...nested, ...url, ...base64])];
}

/** Collects the command line of every process that shows up, until it is stopped. */
export function watchCommandLines(): { stop: () => string[] } {
  const lines = new Set<string>();
  const look = () => {
    for (const pid of readdirSync("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        lines.add(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        // It has ended.
      }
    }
  };
  const timer = setInterval(look, 20);
  return {
    stop: () => {
      clearInterval(timer);
      return [...lines];
    },
  };
}

import { execFileSync } from "node:child_process";

/** How puppeteer starts the Chromium of the PATH, as root too. */
export const chromium = {
  executablePath: execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim(),
  headless: true,
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
};

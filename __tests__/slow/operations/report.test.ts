/** The page of `--report` in a real browser: what a screen reader is told, on a desk and on a phone, by day and by night. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type Page, type SerializedAXNode } from "puppeteer-core";
import { runProcess } from "../../../lib/run-process";
import { chromium } from "../../support/chromium";
import { planJson, planned, planOf, replaced } from "../../support/plans";
import { project } from "../../support/project";

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), "report-"));
const asked: string[] = [];
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const update = { before: { a: 1 }, after: { a: 2 } };
  const service = { name: "backend-flask", desired_count: 1 };
  const plans = {
    network: [
      planned("aws_lb_listener_rule.api", { before: { priority: 1 }, after: { priority: 2 } }),
      planned("aws_security_group.alb_sg", { after: { name: "sg" } }),
    ],
    app: [
      planned('aws_ecr_repository.repo["cruddur-python"]', { before: { name: "cruddur-python" } }),
      planned("aws_dynamodb_table.cruddur_messages", { ...update, change: replaced }),
      planned("aws_ecs_service.backend_flask", {
        before: { ...service, task_definition: "backend-flask:7" },
        after: { ...service, task_definition: "backend-flask:8" },
      }),
    ],
  };
  const files = Object.entries(plans).map(([name, changes]) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, planJson(planOf(...changes)));
    return file;
  });
  const args = ["tools/run.mjs", "commands/explain.ts", ...files, "--report", join(folder, "plan.html")];
  const { exitCode, stderr } = await runProcess(process.execPath, args, { cwd: project });
  expect([exitCode, stderr]).toEqual([3, `Written: ${join(folder, "plan.html")}\n`]);
  browser = await puppeteer.launch(chromium);
  page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  page.on("request", (request) => asked.push(request.url()));
}, 2 * minute);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const url = () => pathToFileURL(join(folder, "plan.html")).href;

function flat(node: SerializedAXNode): SerializedAXNode[] {
  return [node, ...(node.children ?? []).flatMap(flat)];
}

async function open(width: number, scheme: "light" | "dark"): Promise<void> {
  await page.setViewport({ width, height: 900, isMobile: width < 500, hasTouch: width < 500 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(url());
}

test(
  "a screen reader is told of each mark, and follows it to its explanation and to the source",
  async () => {
    await open(1280, "light");
    const tree = await page.accessibility.snapshot();
    if (tree === null) throw new Error("There is no tree.");
    const regions = flat(tree).filter(({ role }) => role === "region");
    expect(regions.map(({ name }) => name)).toEqual([
      "The picture",
      "Architecture",
      "DESTROYED OR REPLACED",
      "Restarts",
      "Changed in place",
      "Created",
    ]);
    const drawing = regions.find(({ name }) => name === "Architecture");
    const marks = flat(drawing as SerializedAXNode).filter(({ role }) => role === "link");
    expect(marks.map(({ name }) => name).sort()).toEqual([
      "aws_dynamodb_table.cruddur_messages: REPLACED",
      'aws_ecr_repository.repo["cruddur-python"]: DESTROYED',
      "aws_ecs_service.backend_flask: restarts",
      "aws_lb_listener_rule.api: changed in place",
      "aws_security_group.alb_sg: created",
    ]);
    const headings = flat(tree).filter(({ role, level }) => role === "heading" && level === 3);
    expect(headings.map(({ name }) => name)).toContain('aws_ecr_repository.repo["cruddur-python"]');
    const links = flat(tree).filter(({ role }) => role === "link");
    expect(links.map(({ name }) => name)).toContainEqual(
      expect.stringMatching(/^constructs\/ecr\/repositories\.ts:\d+$/),
    );
    // A mark leads to its explanation, by the keyboard alone.
    const mark = 'a[aria-label="aws_lb_listener_rule.api: changed in place"]';
    await page.$eval(mark, (link) => link.focus());
    await page.keyboard.press("Enter");
    await page.waitForSelector("article:target h3");
    expect(await page.$eval("article:target h3", (heading) => heading.textContent)).toBe("aws_lb_listener_rule.api");
    expect(new Set(asked.map((one) => one.replace(/#.*/, "")))).toEqual(new Set([url()]));
  },
  minute,
);

/** Texts of the page whose contrast with what is behind them is too small, by WCAG's measure; 4.5 is its level AA. */
function faintTexts(): string[] {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [r = 0, g = 0, b = 0] = channels(color).map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): string => {
    for (let one = element; one !== null; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return "rgb(255,255,255)";
  };
  const contrast = (one: string, other: string) => {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const inHtml = Array.from(document.querySelectorAll("h1,h2,h3,p,li,a,span,strong"))
    .filter((element) => element.closest("svg") === null && element.textContent?.trim() !== "")
    .filter((element) => contrast(getComputedStyle(element).color, behind(element)) < 4.5);
  // In the drawing a text lies on the last shape under its middle that was drawn before it.
  const shapes = Array.from(document.querySelectorAll("svg :is(polygon,path)"));
  const inSvg = Array.from(document.querySelectorAll("svg text")).filter((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const under = shapes.filter((shape) => {
      const box = shape.getBoundingClientRect();
      const isBefore = (shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
      const isIn = box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
      return isBefore && isIn && getComputedStyle(shape).fill !== "none";
    });
    const ground = under.at(-1);
    return ground !== undefined && contrast(getComputedStyle(element).fill, getComputedStyle(ground).fill) < 4.5;
  });
  return [...inHtml, ...inSvg].map((element) => element.textContent ?? "");
}

test.each([
  [1280, "light"],
  [1280, "dark"],
  [390, "light"],
  [390, "dark"],
] as const)(
  "at %d pixels in %s: nothing sticks out, and every text can be read",
  async (width, scheme) => {
    await open(width, scheme);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await page.evaluate(faintTexts)).toEqual([]);
    const smallest = await page.evaluate(() =>
      Math.min(...Array.from(document.querySelectorAll("svg text"), (text) => text.getBoundingClientRect().height)),
    );
    expect(smallest).toBeGreaterThanOrEqual(9.5);
  },
  minute,
);

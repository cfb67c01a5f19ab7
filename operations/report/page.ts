/** An explained plan as one page that needs nothing beside itself: no network, no script. */
import { printable } from "../../lib/printable";
import type { Explanation } from "../explain/explained";
import { type Item, type Section, sections, summary } from "../explain/report";
import { type Picture, type PlacedItem, shownMark } from "./picture";
import { style } from "./style";

export interface SourcePlace {
  /** `constructs/alb/host-route.ts:12` */
  readonly text: string;
  readonly href: string;
}

export interface Page {
  readonly explained: Explanation;
  readonly items: readonly PlacedItem[];
  /** @default none: the plans aren't of the project's stacks */
  readonly picture?: Picture;
  /** Where a construct is declared; undefined where that isn't known. */
  readonly sourceOf: (placed: PlacedItem) => SourcePlace | undefined;
}

/** The items of an explanation with the ids that they have on its page, in the order of its sections. */
export function placedItems(explained: Explanation, stackOf: (plan: string) => string | undefined): PlacedItem[] {
  return sections(explained)
    .flatMap(({ items }) => items)
    .map((item, index) => ({ id: `item-${index + 1}`, item, stack: stackOf(item.plan) }));
}

export function html(text: string): string {
  const named: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return printable(text).replace(/[&<>"']/g, (character) => named[character] ?? character);
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function page(content: Page): string {
  const { explained, picture } = content;
  const title = `Plan of ${explained.plans.join(" and ")}`;
  let taken = 0;
  const all = sections(explained).map((section, index) => {
    const own = content.items.slice(taken, taken + section.items.length);
    taken += section.items.length;
    return sectionHtml(section, `section-${index + 1}`, own, content);
  });
  const verdict = { 0: "Nothing changes", 2: "Something changes", 3: "Something is destroyed or replaced" };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${html(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${html(title)}</h1>
<p class="verdict exit-${explained.exitCode}"><strong>${verdict[explained.exitCode]}.</strong> ${html(summary(explained))}</p>
${explained.notes.map((note) => `<p class="note">Note: ${html(note)}</p>`).join("\n")}
${contents(explained)}
</header>
<main>
${picture === undefined ? "" : pictureHtml(picture, content.items)}
${all.join("\n")}
</main>
</body>
</html>
`;
}

function contents(explained: Explanation): string {
  const entries = sections(explained).map(
    ({ title, items }, index) => `<li><a href="#section-${index + 1}">${html(title)}</a> (${items.length})</li>`,
  );
  return entries.length === 0 ? "" : `<nav aria-label="Sections"><ul>${entries.join("")}</ul></nav>`;
}

function pictureHtml({ svg }: Picture, items: readonly PlacedItem[]): string {
  const kinds = new Map(
    items.flatMap(({ item }) => {
      const shown = shownMark(item);
      return shown === undefined ? [] : [[shown[1], shown] as const];
    }),
  );
  const legend = [...kinds.values()].map(
    ([sign, word, kind]) => `<li class="mark ${kind}">${html(`${sign} ${word}`)}</li>`,
  );
  const hint = kinds.size === 0 ? "" : " A mark leads to its explanation below.";
  return `<section aria-labelledby="picture">
<h2 id="picture">The picture</h2>
<p>Both stacks as they will be.${hint} Scroll it sideways where it is wider than the screen.</p>
${legend.length === 0 ? "" : `<ul class="legend" aria-label="Marks">${legend.join("")}</ul>`}
<div class="picture" role="region" aria-label="Architecture" tabindex="0">
${svg.trim()}
</div>
</section>`;
}

function sectionHtml({ title, loud }: Section, id: string, items: readonly PlacedItem[], content: Page): string {
  return `<section aria-labelledby="${id}"${loud ? ' class="loud"' : ""}>
<h2 id="${id}">${html(title)}</h2>
${items.map((placed) => itemHtml(placed, content)).join("\n")}
</section>`;
}

function itemHtml(placed: PlacedItem, { explained, picture, sourceOf }: Page): string {
  const { id, item } = placed;
  const source = sourceOf(placed);
  const mark = picture?.marks.get(id);
  const links = [
    ...(source === undefined ? [] : [`<a href="${html(source.href)}">${html(source.text)}</a>`]),
    ...(item.source === undefined ? [] : [`<a href="${html(item.source)}">AWS's documentation</a>`]),
    ...(mark === undefined ? [] : [`<a href="#${mark}">picture</a>`]),
  ];
  const lines = item.lines.map((line) => `<li>${html(line)}</li>`);
  return `<article id="${id}" aria-labelledby="${id}-name">
<h3 id="${id}-name">${html(item.name)}</h3>
<p>${badge(item)}${explained.plans.length > 1 ? ` <span class="plan">in ${html(item.plan)}</span>` : ""}</p>
${lines.length === 0 ? "" : `<ul>${lines.join("")}</ul>`}
${links.length === 0 ? "" : `<p class="links">${links.join(" · ")}</p>`}
</article>`;
}

function badge(item: Item): string {
  const shown = shownMark(item);
  if (shown === undefined) return html(item.what);
  return `<span class="mark ${shown[2]}">${html(`${shown[0]} ${item.what}`)}</span>`;
}

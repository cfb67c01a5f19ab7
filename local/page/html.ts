/** What pages about a running system are made of: plain HTML, without scripts. */
import { style } from "./style";

/** Browsers ask for the page again after so many seconds. */
export const refreshSeconds = 5;

export function escapedHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function row(cells: readonly string[], attributes = ""): string {
  return `<tr${attributes}>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

export function tableOf(head: readonly string[], rows: readonly string[], without: string): string {
  if (rows.length === 0) return `<p class="none">${without}</p>`;
  return `<div class="wide"><table><thead><tr>${head.map((cell) => `<th scope="col">${cell}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

export interface HtmlPage {
  readonly title: string;
  /** How what it is about is, in a few words. */
  readonly state: string;
  readonly isWell: boolean;
  /** HTML of each section, in their order. */
  readonly sections: readonly string[];
  /** HTML. */
  readonly footer: string;
}

export function htmlPage({ title, state, isWell, sections, footer }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${refreshSeconds}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header><h1>${title}</h1><p class="${isWell ? "well" : "ill"}">${state}</p></header>
<main>
${sections.filter((section) => section !== "").join("\n")}
</main>
<footer>Fresh every ${refreshSeconds} seconds. ${footer}</footer>
</body>
</html>
`;
}

/** @param notes a sentence each */
export function notesSection(notes: readonly string[]): string {
  if (notes.length === 0) return "";
  return `<section><h2>What isn't there</h2><ul>${notes.map((note) => `<li>${escapedHtml(note)}</li>`).join("")}</ul></section>`;
}

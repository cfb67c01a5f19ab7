/** How the report looks: on a desk and on a phone, by day and by night, on paper. Texts have a contrast of 4.5 and more. */

/** What the picture's colours, which are those of a light ground, become on a dark one. */
const dark: readonly (readonly [selector: string, color: string])[] = [
  [':is(polygon,path)[fill="#ffffff"]', "fill:#111827"],
  [':is(polygon,path)[fill="#f3f4f6"]', "fill:#1f2937"],
  [':is(polygon,path)[fill="#fff7ed"]', "fill:#2b1d10"],
  ['text[fill="#111827"]', "fill:#f9fafb"],
  ['text[fill="#1f2937"]', "fill:#e5e7eb"],
  ['text[fill="#4b5563"]', "fill:#d1d5db"],
  ['text[fill="#5b21b6"]', "fill:#c4b5fd"],
  ['text[fill="#1e40af"]', "fill:#93c5fd"],
  ['[stroke="#6d28d9"]', "stroke:#a78bfa"],
  ['[stroke="#1d4ed8"]', "stroke:#60a5fa"],
  ['[stroke="#6b7280"]', "stroke:#9ca3af"],
  ['.edge polygon[fill="#6d28d9"]', "fill:#a78bfa"],
  ['.edge polygon[fill="#1d4ed8"]', "fill:#60a5fa"],
  ['.edge polygon[fill="#6b7280"]', "fill:#9ca3af"],
];

export const style = `
:root{--ground:#fff;--text:#1f2937;--quiet:#4b5563;--line:#d1d5db;--card:#f9fafb;--link:#1d4ed8}
*{box-sizing:border-box}
body{margin:0 auto;max-width:80rem;padding:1rem clamp(.75rem,3vw,2rem) 4rem;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font:600 1rem/1.4 ui-monospace,monospace;margin:0}
a{color:var(--link)}
a:focus-visible,.picture:focus-visible{outline:3px solid var(--link);outline-offset:2px}
p{margin:.4rem 0}
ul{margin:.4rem 0;padding-left:1.25rem}
article ul{font:.875rem/1.5 ui-monospace,monospace}
article{border:1px solid var(--line);border-left-width:4px;border-radius:.4rem;background:var(--card);padding:.6rem .8rem;margin:.6rem 0;scroll-margin-top:1rem}
article:target{outline:3px solid var(--link)}
.loud article{border-left-color:#be123c}
.verdict{border-left:4px solid #166534;padding-left:.75rem}
.exit-2{border-color:#854d0e}
.exit-3{border-color:#be123c}
.note,.plan,.links{color:var(--quiet);font-size:.9rem}
nav ul,.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.4rem 1rem;padding:0}
.mark{display:inline-block;color:#fff;font-weight:600;border-radius:.25rem;padding:.05rem .45rem;font-size:.9rem}
.bad{background:#be123c}.restart{background:#9a3412}.change{background:#854d0e}.new{background:#166534}
.picture{overflow:auto;border:1px solid var(--line);border-radius:.4rem}
.picture svg{display:block;height:auto;width:max(100%,75rem)}
.picture a:target polygon{stroke:var(--link);stroke-width:3}
.picture a:hover text,.picture a:focus text{text-decoration:underline}
@media (prefers-color-scheme:dark){
:root{--ground:#111827;--text:#e5e7eb;--quiet:#d1d5db;--line:#4b5563;--card:#1f2937;--link:#93c5fd}
${dark.map(([selector, color]) => `.picture ${selector}{${color}}`).join("\n")}
}
@media print{.picture{overflow:visible}.picture svg{width:100%}article{break-inside:avoid}}
`;

export const style = `
:root { color-scheme: light dark; --ink: #1d2330; --soft: #667085; --ground: #f4f5f8; --card: #fff; --line: #e3e6ec; --accent: #5a3fc0; --good: #12713f; --bad: #a31b2d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #9aa3b5; --ground: #14171f; --card: #1d222d; --line: #323947; --accent: #a996f5; --good: #5fd39a; --bad: #ff8b98; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
header { display: flex; flex-wrap: wrap; gap: 0 1.5rem; align-items: baseline; padding: 1rem 1.5rem 0; }
h1 { margin: 0; font-size: 1.4rem; }
h2 { margin: 0 0 .5rem; font-size: 1.05rem; }
header p { margin: 0; }
main { columns: 2 34rem; column-gap: 1rem; padding: 1rem 1.5rem; }
section { break-inside: avoid; margin-bottom: 1rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
a { color: var(--accent); }
ul { margin: 0; padding-left: 1.2rem; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; color: var(--soft); white-space: nowrap; }
th, td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
code { font-size: .88em; overflow-wrap: anywhere; }
.none, .nobody { color: var(--soft); }
.well { color: var(--good); }
.ill { color: var(--bad); font-weight: 600; }
.status { font-weight: 600; }
.s2, .s3 { color: var(--good); }
.s4, .s5 { color: var(--bad); }
.span { position: relative; min-width: 14rem; margin-bottom: 2px; }
.span i { position: absolute; top: 2px; bottom: 2px; left: 0; border-radius: 3px; background: var(--accent); opacity: .25; }
.span.error i { background: var(--bad); }
.span span { position: relative; padding-left: .3rem; font-size: .85em; }
img { max-width: 100%; height: auto; background: #fff; border-radius: 4px; }
footer { padding: 0 1.5rem 1.5rem; color: var(--soft); }
`;

/** The graph in Graphviz's language. https://graphviz.org/doc/info/lang.html */
import type { Edge, Graph, Group, Kind, MarkKind, MarkLine, Node } from "./graph";

/** By kind: the band of the title, and its text. All of it has a contrast of 4.5 and more. */
const bands: Readonly<Record<Kind, string>> = {
  client: "#374151",
  network: "#6d28d9",
  compute: "#c2410c",
  data: "#1d4ed8",
  identity: "#b91c1c",
  function: "#a16207",
  more: "#4b5563",
};

const groupStyles: Readonly<Record<Group["kind"], string>> = {
  stack: 'style="rounded,filled" color="#9ca3af" fillcolor="#f3f4f6" fontsize=14 penwidth=1.2',
  cluster: 'style="rounded,filled" color="#fdba74" fillcolor="#fff7ed" fontsize=12 penwidth=1.2',
  service: 'style="rounded,filled,dashed" color="#c2410c" fillcolor="#ffffff" fontsize=10 penwidth=1',
};

/** By kind: the ground of a mark. Its text is white. */
const markGrounds: Readonly<Record<MarkKind, string>> = {
  bad: "#be123c",
  restart: "#9a3412",
  change: "#854d0e",
  new: "#166534",
};

/** Points. The smallest text: at the width that GitHub gives a picture it is still 11 pixels high. */
const small = 10;

const edgeStyles: Readonly<Record<Edge["kind"], string>> = {
  traffic: 'color="#6d28d9" fontcolor="#5b21b6" penwidth=2',
  data: 'color="#1d4ed8" fontcolor="#1e40af" penwidth=1.4',
  access: 'color="#6b7280" fontcolor="#4b5563" penwidth=1.1 style=dashed',
};

function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function html(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function markRows(marks: readonly MarkLine[] = []): string {
  return marks
    .map(
      ({ text, title, href, kind }) =>
        `<TR><TD ALIGN="LEFT" CELLPADDING="3" BGCOLOR="${markGrounds[kind]}" HREF=${quoted(html(href))} TITLE=${quoted(html(title))}><FONT POINT-SIZE="${small}" COLOR="#ffffff">${html(text)}&#160;&#160;</FONT></TD></TR>`,
    )
    .join("");
}

function groupLabel({ title, marks = [] }: Group): string {
  const head = `<B>${html(title)}</B>`;
  if (marks.length === 0) return `<${head}>`;
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="1" CELLPADDING="0"><TR><TD ALIGN="LEFT">${head}</TD></TR>${markRows(marks)}</TABLE>>`;
}

function label({ caption, title, rows, kind, marks }: Node): string {
  const above = caption === undefined ? "" : `<FONT POINT-SIZE="${small}">${html(caption)}</FONT><BR ALIGN="LEFT"/>`;
  const head = `<TR><TD ALIGN="LEFT" BALIGN="LEFT" BGCOLOR="${bands[kind]}"><FONT COLOR="#ffffff">${above}${html(title)}</FONT></TD></TR>`;
  const body = rows.map(
    ({ text, port }) =>
      `<TR><TD ALIGN="LEFT" CELLPADDING="2"${port === undefined ? "" : ` PORT=${quoted(port)}`}><FONT POINT-SIZE="${small}" COLOR="#1f2937">${html(text)}</FONT></TD></TR>`,
  );
  return `<<TABLE BORDER="1" COLOR="${bands[kind]}" BGCOLOR="#ffffff" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">${head}${body.join("")}${markRows(marks)}</TABLE>>`;
}

function edge({ from, fromGroup, to, kind, label: text }: Edge): string {
  const attributes = [
    edgeStyles[kind],
    ...(text === undefined ? [] : [`label=<<FONT POINT-SIZE="${small}"> ${html(text)} </FONT>>`]),
    ...(fromGroup === undefined ? [] : [`ltail=${quoted(`cluster_${fromGroup}`)}`]),
  ];
  return `${quoted(from)} -> ${quoted(to)} [${attributes.join(" ")}]`;
}

function groupLines(graph: Graph, parent: string | undefined): string[] {
  const nodes = graph.nodes
    .filter(({ group }) => group === parent)
    .map((node) => `${quoted(node.id)} [label=${label(node)}]`);
  const inner = graph.groups
    .filter((group) => group.parent === parent)
    .flatMap((group) => [
      `subgraph ${quoted(`cluster_${group.id}`)} {`,
      `label=${groupLabel(group)} labeljust=l margin=8 fontcolor="#111827" ${groupStyles[group.kind]}`,
      ...groupLines(graph, group.id),
      "}",
    ]);
  return [...nodes, ...inner];
}

function downwards(ids: readonly string[]): string[] {
  return ids.slice(1).map((id, index) => `${quoted(ids[index] ?? id)} -> ${quoted(id)} [style=invis]`);
}

export function dot(graph: Graph): string {
  return [
    "digraph {",
    'graph [rankdir=TB newrank=true compound=true bgcolor="#ffffff" fontname="Courier" nodesep=0.12 ranksep=0.3 pad=0.1]',
    'node [shape=plain fontname="Courier" fontsize=11]',
    'edge [fontname="Courier" arrowsize=0.7]',
    ...groupLines(graph, undefined),
    ...graph.edges.map(edge),
    ...graph.rows.map((ids) => `{ rank=same ${ids.map(quoted).join(" ")} }`),
    ...graph.columns.flatMap(downwards),
    "}",
  ].join("\n");
}

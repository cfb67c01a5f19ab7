/** The graph in Graphviz's language. https://graphviz.org/doc/info/lang.html */
import type { Edge, Graph, Group, Kind, Node } from "./graph";

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
  stack: 'style="rounded,filled" color="#9ca3af" fillcolor="#f3f4f6" fontsize=18 penwidth=1.2',
  cluster: 'style="rounded,filled" color="#fdba74" fillcolor="#fff7ed" fontsize=14 penwidth=1.2',
  service: 'style="rounded,filled,dashed" color="#c2410c" fillcolor="#ffffff" fontsize=12 penwidth=1',
};

const edgeStyles: Readonly<Record<Edge["kind"], string>> = {
  traffic: 'color="#6d28d9" fontcolor="#5b21b6" penwidth=2',
  data: 'color="#1d4ed8" fontcolor="#1e40af" penwidth=1.4',
  access: 'color="#6b7280" fontcolor="#4b5563" penwidth=1.1 style=dashed',
};

function quoted(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function html(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function label({ caption, title, rows, kind }: Node): string {
  const above = caption === undefined ? "" : `<FONT POINT-SIZE="9">${html(caption)}</FONT><BR ALIGN="LEFT"/>`;
  const head = `<TR><TD ALIGN="LEFT" BALIGN="LEFT" BGCOLOR="${bands[kind]}"><FONT COLOR="#ffffff">${above}${html(title)}</FONT></TD></TR>`;
  const body = rows.map(
    ({ text, port }) =>
      `<TR><TD ALIGN="LEFT" CELLPADDING="5"${port === undefined ? "" : ` PORT=${quoted(port)}`}><FONT POINT-SIZE="10" COLOR="#1f2937">${html(text)}</FONT></TD></TR>`,
  );
  return `<<TABLE BORDER="1" COLOR="${bands[kind]}" BGCOLOR="#ffffff" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4">${head}${body.join("")}</TABLE>>`;
}

function edge({ from, fromPort, fromGroup, to, toPort, kind, label: text, loose }: Edge): string {
  const end = (id: string, port: string | undefined, side: string) =>
    quoted(id) + (port === undefined ? "" : `:${quoted(port)}:${side}`);
  const attributes = [
    edgeStyles[kind],
    ...(text === undefined ? [] : [`label=<<FONT POINT-SIZE="10"> ${html(text)} </FONT>>`]),
    ...(fromGroup === undefined ? [] : [`ltail=${quoted(`cluster_${fromGroup}`)}`]),
    ...(loose === true ? ["constraint=false"] : []),
  ];
  return `${end(from, fromPort, "e")} -> ${end(to, toPort, "w")} [${attributes.join(" ")}]`;
}

function groupLines(graph: Graph, parent: string | undefined): string[] {
  const nodes = graph.nodes
    .filter(({ group }) => group === parent)
    .map((node) => `${quoted(node.id)} [label=${label(node)}]`);
  const inner = graph.groups
    .filter((group) => group.parent === parent)
    .flatMap(({ id, title, kind }) => [
      `subgraph ${quoted(`cluster_${id}`)} {`,
      `label=<<B>${html(title)}</B>> labeljust=l margin=14 fontcolor="#111827" ${groupStyles[kind]}`,
      ...groupLines(graph, id),
      "}",
    ]);
  return [...nodes, ...inner];
}

/** Between nodes of one rank an edge decides which is above; with rankdir=LR it runs upwards. */
function upwards(ids: readonly string[]): string[] {
  return ids.slice(1).map((id, index) => `${quoted(id)} -> ${quoted(ids[index] ?? id)} [style=invis]`);
}

export function dot(graph: Graph): string {
  return [
    "digraph {",
    'graph [rankdir=LR newrank=true compound=true bgcolor="#ffffff" fontname="Courier" nodesep=0.2 ranksep=0.5 pad=0.2]',
    'node [shape=plain fontname="Courier" fontsize=12]',
    'edge [fontname="Courier" arrowsize=0.7]',
    ...groupLines(graph, undefined),
    ...graph.edges.map(edge),
    ...graph.columns.map((ids) => `{ rank=same ${ids.map(quoted).join(" ")} }`),
    ...graph.orders.flatMap(upwards),
    "}",
  ].join("\n");
}

/** What is drawn, free of any way to draw it. */

export type Kind = "client" | "network" | "compute" | "data" | "identity" | "function" | "more";

export interface Row {
  /** A port that edges start from or end at. */
  readonly port?: string;
  readonly text: string;
}

/** What a plan does to what is drawn, as a line of its box. */
export interface MarkLine {
  readonly text: string;
  /** For who can't see the picture: what happens to what. */
  readonly title: string;
  readonly href: string;
  readonly kind: MarkKind;
}

export type MarkKind = "bad" | "restart" | "change" | "new";

export interface Node {
  readonly id: string;
  readonly kind: Kind;
  /** What it is: `DynamoDB table`. */
  readonly caption?: string;
  /** What it is called: `cruddur-messages`. */
  readonly title: string;
  readonly rows: readonly Row[];
  /** Group in which it lies. @default none */
  readonly group?: string;
  /** @default none */
  readonly marks?: readonly MarkLine[];
}

/** A box around nodes and other boxes. */
export interface Group {
  readonly id: string;
  readonly title: string;
  readonly kind: "stack" | "cluster" | "service";
  readonly parent?: string;
  /** @default none */
  readonly marks?: readonly MarkLine[];
}

export interface Edge {
  readonly from: string;
  readonly fromPort?: string;
  /** The edge starts at the border of the group, not at the node. */
  readonly fromGroup?: string;
  readonly to: string;
  readonly toPort?: string;
  /** `traffic`: requests. `data`: what tasks and functions read and write. `access`: what a role allows. */
  readonly kind: "traffic" | "data" | "access";
  readonly label?: string;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly groups: readonly Group[];
  readonly edges: readonly Edge[];
  /** Nodes side by side. */
  readonly rows: readonly (readonly string[])[];
  /** Nodes one below the other, from top to bottom. */
  readonly columns: readonly (readonly string[])[];
}

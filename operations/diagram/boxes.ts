/** The picture's boxes as a list: for who looks for an address, or can't see the picture. */
import type { Graph } from "./graph";

export interface Box {
  /** What it is: `DynamoDB table`. */
  readonly caption?: string;
  /** What it is called: `cruddur-messages`. */
  readonly title: string;
  /** Terraform's, of the resource that the box stands for; a container has that of its service. */
  readonly address: string;
  /** Undefined where another deployment declares it. */
  readonly constructPath?: string;
}

export interface DeclaredAddress {
  readonly address: string;
  readonly constructPath: string;
}

/** @returns the boxes that stand for a resource, in the picture's order */
export function boxesOf({ nodes, groups }: Graph, declared: readonly DeclaredAddress[]): Box[] {
  const paths = new Map(declared.map(({ address, constructPath }) => [address, constructPath]));
  const parts: readonly { readonly id: string; readonly title: string; readonly caption?: string }[] = [
    ...groups,
    ...nodes,
  ];
  return parts.flatMap(({ id, title, caption }) => {
    const address = id.replace(/^hosts\./, "").split("/")[0] ?? id;
    const constructPath = paths.get(address);
    const isResource = constructPath !== undefined || /^(data\.)?aws_\w+\.\w+$/.test(address);
    return isResource ? [{ caption, title, address, constructPath }] : [];
  });
}

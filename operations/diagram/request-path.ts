/** The way of a request behind Envoy. No stack says it: Envoy's configuration does. */
import { backendAuthz } from "../../services/backend-authz";
import { backendFlask } from "../../services/backend-flask";
import { envoy } from "../../services/sidecars/envoy";
import type { Edge, Node } from "./graph";

/** From Envoy to the authorizer, where there is one, and to the app, among the containers that are drawn. */
export function requestEdges(nodes: readonly Node[]): Edge[] {
  const named = (name: string) => nodes.find(({ caption, title }) => caption === "container" && title === name);
  const proxy = named(envoy.name);
  if (proxy === undefined) return [];
  const app = named(backendFlask.name);
  const authorizer = named(backendAuthz.containers[0].name);
  const edge = (to: Node | undefined, label: string): Edge[] =>
    to === undefined ? [] : [{ from: proxy.id, to: to.id, kind: "traffic", label }];
  return [...edge(app, "with the user"), ...edge(authorizer, "who is it from?")];
}

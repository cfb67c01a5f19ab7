/** The picture of the stacks with its boxes, as a page shows it. */
import { registeredAddresses } from "../../constructs/terraform/source-files";
import { project } from "../../lib/project";
import type { Picture } from "../../local/page/picture";
import { architecture } from "../../operations/diagram/architecture";
import { boxesOf } from "../../operations/diagram/boxes";
import { dot } from "../../operations/diagram/dot";
import { svgOf } from "../../operations/diagram/svg";
import type { Settings } from "../../settings/schema";
import { claimsOf } from "../../stacks/register";
import type { StackJson } from "../../terraform/synthesized";

/** @param stacks as they are synthesized with the settings */
export async function pictureOf(stacks: readonly StackJson[], settings: Settings): Promise<Picture> {
  const graph = architecture(stacks);
  const declared = registeredAddresses(claimsOf(project, settings), project);
  return { svg: await svgOf(dot(graph), "The stacks"), boxes: boxesOf(graph, declared) };
}

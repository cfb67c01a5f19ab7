/** The findings as people read them: causes with what to do, and how many changes follow from each. */
import { quoted } from "../../terraform/address";
import type { Finding } from "./finding";

/** A cause, and what follows from it. */
interface Group {
  readonly cause: Finding;
  readonly consequences: Finding[];
}

/** Names can hold anything, and a terminal acts on some of it. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => quoted(character).slice(1, -1));
}

/** The causes in their order, each consequence with the one that it follows from in the end. */
export function grouped(findings: readonly Finding[]): Group[] {
  const groups = findings
    .filter(({ because }) => because === null)
    .map((cause): Group => ({ cause, consequences: [] }));
  const byAddress = new Map<string, Group>();
  for (const group of groups) if (!byAddress.has(group.cause.address)) byAddress.set(group.cause.address, group);
  const followed = new Map(
    findings.filter(({ because }) => because !== null).map((one) => [one.address, one.because as string]),
  );
  for (const one of findings) {
    if (one.because === null) continue;
    let address: string | undefined = one.because;
    const seen = new Set<string>();
    while (address !== undefined && !byAddress.has(address) && !seen.has(address)) {
      seen.add(address);
      address = followed.get(address);
    }
    const group = address === undefined ? undefined : byAddress.get(address);
    // What can't be followed to a cause is one.
    if (group === undefined) groups.push({ cause: one, consequences: [] });
    else group.consequences.push(one);
  }
  return groups;
}

/** @param full whether each consequence is listed */
export function findingsText(findings: readonly Finding[], full: boolean): string {
  const blocks = [false, true].map((also) => {
    const groups = grouped(findings.filter(({ alsoByOldModule }) => alsoByOldModule === also));
    if (groups.length === 0) return [];
    const following = groups.reduce((sum, { consequences }) => sum + consequences.length, 0);
    const more =
      following === 0
        ? ""
        : `; ${counted(following, "more change")} ${following === 1 ? "follows" : "follow"} from ${groups.length === 1 ? "it" : "them"}${full ? "" : " (--full lists them)"}`;
    const title = also
      ? `${counted(groups.length, "change")} that the old module plans over its own state as well, so no difference${more}:`
      : `${counted(groups.length, "difference")} to settle${more}:`;
    return ["", title, ...groups.flatMap((group) => described(group, full))];
  });
  const imports = [...new Set(findings.flatMap((one) => one.imports))].sort();
  const needed =
    imports.length === 0
      ? []
      : ["", "The lines for additions/ need at the top of their file:", ...imports.map((line) => `  ${line}`)];
  return [...blocks.flat(), ...needed].map(printable).join("\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function described({ cause, consequences }: Group, full: boolean): string[] {
  const { kind, address, consequence, detail, where, lines, constructPath, sourceFile, oldModule, forcesReplacement } =
    cause;
  const forces = forcesReplacement ? " (forces the replacement)" : "";
  const told = [`  ${address}  [${kind}] ${consequence}${detail === "" ? "" : `; ${detail}`}${forces}`];
  const construct = constructPath === null ? "" : ` (construct ${constructPath}, ${sourceFile})`;
  if (where !== "") told.push(`      where: ${where}${construct}`);
  for (const line of lines) told.push(`          ${line}`);
  if (oldModule !== null) told.push(`      old module: ${oldModule}`);
  if (consequences.length > 0) {
    const objects = new Set(consequences.map((one) => one.address)).size;
    told.push(`      follows: ${counted(consequences.length, "change")} in ${counted(objects, "object")}`);
    if (full)
      for (const one of consequences)
        told.push(`          ${one.address}  ${one.consequence}${one.detail === "" ? "" : `; ${one.detail}`}`);
  }
  return told;
}

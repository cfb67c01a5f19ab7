import { closest, distance } from "fastest-levenshtein";

/** What to do about a name that isn't known: `did you mean NEAR?`, or else where none is near. */
export function suggestion(name: string, known: readonly string[], otherwise: string): string {
  const near = nearest(name, known);
  return near === undefined ? otherwise : `did you mean ${near}?`;
}

/** The known name that a mistyped one most likely means; undefined where none is near (more than half differs). */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const folded = new Map(known.map((candidate) => [candidate.toLowerCase(), candidate]));
  const best = closest(name.toLowerCase(), [...folded.keys()]);
  return distance(name.toLowerCase(), best) <= Math.ceil(name.length / 2) ? folded.get(best) : undefined;
}

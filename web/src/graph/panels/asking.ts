// What an analysis needs before it can be asked. Pure.

import type { Analysis, Bounds } from "../calls.ts";

export interface Ready {
  chosen: number; // nodes
  authority: boolean; // a reason or a case
  case: boolean;
  imported: boolean; // an imported graph is asked
  bounds: Bounds;
}

export const NO_BOUNDS: Bounds = {
  hops: 0,
  limit: 200,
  from: "",
  to: "",
  edges: [],
  labels: [],
  sources: [],
  max_links: 0,
};

/** Why an analysis cannot be asked now, as the last part of a key of the catalogue; empty: it can. */
export function whyNot(analysis: Analysis, ready: Ready): string {
  if (!ready.authority) return "authority";
  if (ready.imported && !analysis.imported) return "imported";
  if (analysis.case && !ready.case) return "case";
  if (ready.chosen < analysis.fewest) return analysis.fewest > 1 ? "two" : "one";
  if (isPairwise(analysis)) {
    if (ready.chosen > MOST_JOINED) return "many";
  } else if (analysis.most !== null && ready.chosen > analysis.most) return "only-one";
  if (ready.imported && analysis.imported_edges && ready.bounds.edges.length === 0) return "edges";
  if (analysis.dated && !ready.bounds.from) return "day";
  const hops = ready.bounds.hops || analysis.hops;
  if (analysis.free_hops !== null && hops > analysis.free_hops && !ready.case) return "hops";
  return "";
}

export const MOST_JOINED = 5; // nodes between each two of which paths are asked: ten questions

/** Asked of each two of the nodes that were chosen. */
export function isPairwise(analysis: Pick<Analysis, "fewest" | "most">): boolean {
  return analysis.fewest === 2 && analysis.most === 2;
}

/** The sets of nodes that one wish asks of. */
export function asksOf(analysis: Pick<Analysis, "fewest" | "most">, chosen: readonly string[]): string[][] {
  if (!isPairwise(analysis)) return [[...chosen]];
  return chosen.flatMap((one, place) => chosen.slice(place + 1).map((other) => [one, other]));
}

const WALKS = new Set(["expand", "paths", "brokers", "communities", "new-since"]);

/** The bounds that change what an analysis answers. */
export function boundsOf(analysis: Pick<Analysis, "name">): (keyof Bounds)[] {
  const walks: (keyof Bounds)[] = WALKS.has(analysis.name) ? ["hops"] : [];
  const narrow: (keyof Bounds)[] = analysis.name === "expand" ? ["labels", "sources", "max_links"] : [];
  return [...walks, "limit", "from", "to", "edges", ...narrow];
}

/** Bounds as they are sent: those that the analysis does not know stand at rest. */
export function sent(analysis: Pick<Analysis, "name">, bounds: Bounds): Bounds {
  const known = new Set(boundsOf(analysis));
  return Object.fromEntries(
    Object.entries(bounds).map(([name, value]) => [name, known.has(name as keyof Bounds) ? value : NO_BOUNDS[name as keyof Bounds]]),
  ) as unknown as Bounds;
}

/** Whether an answer is drawn strongly: what leads further is no answer by itself. */
export function isStrong(analysis: string): boolean {
  return analysis !== "expand" && analysis !== "neighbours";
}

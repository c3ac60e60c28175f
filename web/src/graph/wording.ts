// What kinds of nodes and links are called; one that is not the program's own, as it is.

import { has, t } from "../words.ts";

export function nodeWord(kind: string): string {
  return has(`report.node.${kind}`) ? t(`report.node.${kind}`) : kind;
}

export function linkWord(kind: string): string {
  return has(`report.edge.${kind}`) ? t(`report.edge.${kind}`) : kind;
}

/** From when to when, as it is stated. */
export function daysWord(provenance: readonly { from: string | null; to: string | null }[]): string {
  const from = provenance.flatMap((stated) => stated.from || []).sort()[0] ?? "";
  const to = provenance.flatMap((stated) => stated.to || []).sort().at(-1) ?? "";
  return from || to ? `${from} – ${to}`.trim() : "";
}

// What of the sheet is seen: hidden nodes, filters, the time window and assessments leave out and forget nothing.

import type { GEdge, GNode, Sheet, Stated } from "./model.ts";

export interface Period {
  from: string; // ISO days, both included
  to: string;
}

/** Kinds of nodes and links that are filtered out, and a text that labels must hold. */
export interface Filters {
  kinds: ReadonlySet<string>;
  links: ReadonlySet<string>;
  text: string;
}

export interface Seen {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
}

export interface Looking {
  filters: Filters;
  period: Period | null;
  assessments: boolean;
  emphasis: ReadonlySet<string>; // an answer's own nodes and links are seen, assessments too
}

/** The last day of what may be a year or a month alone. */
export function lastDay(date: string): string {
  if (date.length === 4) return `${date}-12-31`;
  return date.length === 7 ? `${date}-31` : date;
}

/** Whether a link stood in a period: not ended before, not begun after. Dated statements decide; without any it did. */
export function stood(provenance: readonly Stated[], period: Period): boolean {
  const dated = provenance.filter((stated) => stated.from || stated.to);
  if (dated.length === 0) return true;
  return dated.some(
    ({ from, to }) => (!from || from <= lastDay(period.to)) && (!to || lastDay(to) >= period.from),
  );
}

export function seen(sheet: Sheet, looking: Looking): Seen {
  const { filters, period, assessments, emphasis } = looking;
  const text = filters.text.trim().toLocaleLowerCase();
  const bears = (node: GNode): boolean => {
    const note = sheet.notes.get(node.key);
    return [node.label, note?.label ?? "", note?.note ?? ""].some((held) => held.toLocaleLowerCase().includes(text));
  };
  const nodes = new Set<string>();
  for (const node of sheet.nodes.values()) {
    if (sheet.hidden.has(node.key) || filters.kinds.has(node.kind)) continue;
    if (!node.fact && !assessments && !sheet.asked.has(node.key) && !emphasis.has(node.key)) continue;
    if (text && !bears(node)) continue;
    nodes.add(node.key);
  }
  const edges = new Set<string>();
  const linked = new Set<string>();
  const outside = new Set<string>();
  const shows = (edge: GEdge): boolean =>
    nodes.has(edge.start) &&
    nodes.has(edge.end) &&
    !filters.links.has(edge.kind) &&
    (edge.fact || assessments || emphasis.has(edge.id));
  for (const edge of sheet.edges.values()) {
    if (!shows(edge)) continue;
    const held = period === null || stood(edge.provenance, period);
    if (held) edges.add(edge.id);
    for (const end of [edge.start, edge.end]) (held ? linked : outside).add(end);
  }
  // Who has links, and none in the window, was not there then.
  for (const key of outside) if (!linked.has(key) && !sheet.asked.has(key) && !sheet.pinned.has(key)) nodes.delete(key);
  return { nodes, edges };
}

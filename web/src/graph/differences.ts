// What has changed between two sheets, for a canvas that is fed by differences and not rebuilt.

import type { GEdge, Sheet } from "./model.ts";

export interface Change<T> {
  came: T[]; // keys
  went: T[];
  changed: T[]; // another record or another value under the same key
}

export function changed<V>(before: ReadonlyMap<string, V>, after: ReadonlyMap<string, V>): Change<string> {
  const change: Change<string> = { came: [], went: [], changed: [] };
  if (before === after) return change;
  for (const [key, value] of after) {
    const held = before.get(key);
    if (held === undefined) change.came.push(key);
    else if (held !== value) change.changed.push(key);
  }
  for (const key of before.keys()) if (!after.has(key)) change.went.push(key);
  return change;
}

/** What is in one of two sets and not in both. */
export function apart(one: ReadonlySet<string>, other: ReadonlySet<string>): string[] {
  if (one === other) return [];
  const found: string[] = [];
  for (const key of one) if (!other.has(key)) found.push(key);
  for (const key of other) if (!one.has(key)) found.push(key);
  return found;
}

/** How far each link stands aside, so that links between the same two nodes do not lie upon each other; the lone one is
 * straight. Measured from the lesser key to the greater, whichever way a link goes. */
export function bows(edges: Iterable<GEdge>, apartBy: number): Map<string, number> {
  const joined = new Map<string, GEdge | GEdge[]>();
  for (const edge of edges) {
    const pair = edge.start < edge.end ? `${edge.start}\n${edge.end}` : `${edge.end}\n${edge.start}`;
    const held = joined.get(pair);
    if (held === undefined) joined.set(pair, edge);
    else if (Array.isArray(held)) held.push(edge);
    else joined.set(pair, [held, edge]);
  }
  const found = new Map<string, number>();
  for (const same of joined.values()) {
    if (!Array.isArray(same)) {
      found.set(same.id, 0);
      continue;
    }
    same.sort((a, b) => (a.id < b.id ? -1 : 1));
    same.forEach((edge, number) => {
      const bow = apartBy * (number - (same.length - 1) / 2);
      found.set(edge.id, edge.start < edge.end ? bow : -bow);
    });
  }
  return found;
}

/** Whether so much has changed that all is drawn anew at once. */
export function isGreat(before: Sheet, after: Sheet, most = 1500): boolean {
  return Math.abs(before.nodes.size - after.nodes.size) + Math.abs(before.edges.size - after.edges.size) > most;
}

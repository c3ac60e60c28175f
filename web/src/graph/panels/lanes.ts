// The timeline: a lane for each node, a bar for each dated link at it. Pure.

import type { GEdge, GNode, Period } from "../state.ts";
import { otherEnd } from "../model.ts";
import { type Span, dayNumber, extent, spansOf } from "./days.ts";

export const PEOPLE: ReadonlySet<string> = new Set(["Subject", "Entry", "Contact"]);

export interface Bar extends Span {
  edge: GEdge;
  other: string; // the key at the other end
  row: number; // within the lane, so that bars of one time do not cover each other
}

export interface Lane {
  key: string;
  bars: Bar[];
  rows: number;
  first: number;
}

export type Order = "first" | "name" | "kind";

/** Lanes of the nodes that have dated links, in an order; of a link between two of them each has a bar. */
export function lanesOf(
  nodes: Iterable<GNode>,
  links: ReadonlyMap<string, readonly GEdge[]>,
  seen: ReadonlySet<string>,
  order: Order,
): Lane[] {
  const found: { lane: Lane; node: GNode }[] = [];
  for (const node of nodes) {
    const spans = (links.get(node.key) ?? [])
      .filter((edge) => seen.has(edge.id))
      .flatMap((edge) => spansOf(edge).map((span) => ({ edge, span })));
    if (spans.length === 0) continue;
    spans.sort((one, other) => start(one.span) - start(other.span));
    const ends: number[] = [];
    const bars = spans.map(({ edge, span }): Bar => {
      let row = ends.findIndex((end) => end < start(span));
      if (row < 0) row = ends.length;
      ends[row] = span.to ?? Infinity;
      return { ...span, edge, other: otherEnd(edge, node.key), row };
    });
    const first = Math.min(...bars.map((bar) => bar.from ?? bar.to ?? Infinity));
    found.push({ lane: { key: node.key, bars, rows: ends.length, first }, node });
  }
  found.sort((one, other) => {
    const byName = one.node.label.localeCompare(other.node.label) || (one.node.key < other.node.key ? -1 : 1);
    if (order === "name") return byName;
    if (order === "kind") return one.node.kind.localeCompare(other.node.kind) || byName;
    return one.lane.first - other.lane.first || byName;
  });
  return found.map((item) => item.lane);
}

const start = (span: Span): number => span.from ?? span.to ?? -Infinity;

/** First and last day of a timeline: the time window, else all that is dated. */
export function frame(edges: Iterable<GEdge>, period: Period | null): { from: number; to: number } | null {
  if (period) {
    const [from, to] = [dayNumber(period.from), dayNumber(period.to)];
    if (from < to) return { from, to };
  }
  const all = extent(edges);
  return all && { from: all.from, to: all.to + Math.ceil((all.to - all.from) / 25) }; // what began last is seen, too
}

const LATIN = 6.5; // pixels of a letter of 11 pixels' height, about
const WIDE = 11;

/** As much of a text as so many pixels hold, or nothing where that would tell nothing. */
export function clipped(text: string, room: number): string {
  let used = 0;
  const signs = [...text];
  for (const [place, sign] of signs.entries()) {
    used += (sign.codePointAt(0) ?? 0) >= 0x2e80 ? WIDE : LATIN;
    if (used > room) return place > 2 ? `${signs.slice(0, place - 1).join("")}…` : "";
  }
  return text;
}

export interface Stay {
  person: string;
  place: string;
  edge: GEdge;
}

const STAYS = new Set(["stayed-at", "resided-at"]);

/** Who was where: the dated stays of what is seen, the earliest first. */
export function staysOf(edges: ReadonlyMap<string, GEdge>, seen: ReadonlySet<string>): Stay[] {
  const found: { stay: Stay; from: number }[] = [];
  for (const id of seen) {
    const edge = edges.get(id);
    if (!edge || !STAYS.has(edge.kind)) continue;
    const spans = spansOf(edge);
    if (spans.length === 0) continue;
    found.push({ stay: { person: edge.start, place: edge.end, edge }, from: Math.min(...spans.map(start)) });
  }
  found.sort((one, other) => one.from - other.from || (one.stay.edge.id < other.stay.edge.id ? -1 : 1));
  return found.map((item) => item.stay);
}

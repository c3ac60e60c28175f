// Days as numbers, as the time slider and the timeline count them. Pure. A date may be a year or a month alone.

import { lastDay } from "../filtering.ts";
import type { GEdge, Stated } from "../model.ts";

const DAY = 86_400_000;
const OPEN = "9000"; // a last day beyond is none

/** The number of a day since 1970; of a year or a month alone its first day. NaN for what is no date. */
export function dayNumber(date: string): number {
  const read = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(date);
  if (!read) return Number.NaN;
  const [year, month, day] = [Number(read[1]), Number(read[2] ?? 1), Number(read[3] ?? 1)];
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, Math.min(day, daysIn(year, month)));
  return Math.round(at.getTime() / DAY);
}

function daysIn(year: number, month: number): number {
  const next = new Date(0);
  next.setUTCFullYear(year, month, 0);
  return next.getUTCDate();
}

export function isoDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

export interface Span {
  from: number | null; // null: open on this side
  to: number | null;
}

/** From when to when a statement holds; null where it states no day. */
export function spanOf(stated: Pick<Stated, "from" | "to">): Span | null {
  const from = stated.from ? dayNumber(stated.from) : Number.NaN;
  const to = stated.to && stated.to < OPEN ? dayNumber(lastDay(stated.to)) : Number.NaN;
  if (Number.isNaN(from) && Number.isNaN(to)) return null;
  return { from: Number.isNaN(from) ? null : from, to: Number.isNaN(to) ? null : to };
}

/** The spans of all that is stated of a link, each once, in order. */
export function spansOf(edge: Pick<GEdge, "provenance">): Span[] {
  const known = new Map<string, Span>();
  for (const stated of edge.provenance) {
    const span = spanOf(stated);
    if (span) known.set(`${span.from} ${span.to}`, span);
  }
  return [...known.values()].sort((one, other) => (one.from ?? one.to ?? 0) - (other.from ?? other.to ?? 0));
}

/** First and last day that any of these links states; null where none is dated. */
export function extent(edges: Iterable<Pick<GEdge, "provenance">>): { from: number; to: number } | null {
  let from = Infinity;
  let to = -Infinity;
  for (const edge of edges) {
    for (const span of spansOf(edge)) {
      for (const day of [span.from, span.to]) {
        if (day === null) continue;
        from = Math.min(from, day);
        to = Math.max(to, day);
      }
    }
  }
  return from <= to ? { from, to: Math.max(to, from + 1) } : null;
}

/** How many dated links stand in each of so many equal parts of a time. */
export function density(edges: Iterable<Pick<GEdge, "provenance">>, from: number, to: number, parts: number): number[] {
  const found = new Array<number>(parts).fill(0);
  const place = (day: number) => Math.floor(((day - from) / Math.max(1, to - from + 1)) * parts);
  for (const edge of edges) {
    const inside = new Set<number>();
    for (const span of spansOf(edge)) {
      const last = Math.min(parts - 1, place(span.to ?? to));
      for (let at = Math.max(0, place(span.from ?? from)); at <= last; at += 1) inside.add(at);
    }
    for (const at of inside) found[at] = (found[at] ?? 0) + 1;
  }
  return found;
}

export interface Tick {
  day: number;
  text: string; // as much of the date as tells it apart from its neighbours
}

/** Beginnings of years, months or days between two days, at most so many. */
export function ticks(from: number, to: number, most: number): Tick[] {
  const begin = new Date(from * DAY);
  const found = (step: (at: Date) => void, text: (date: string) => string, first: Date): Tick[] => {
    const marks: Tick[] = [];
    for (const at = first; at.getTime() <= to * DAY && marks.length <= most; step(at)) {
      const day = Math.round(at.getTime() / DAY);
      if (day >= from) marks.push({ day, text: text(isoDay(day)) });
    }
    return marks;
  };
  const start = (month: number, day: number) => {
    const first = new Date(0);
    first.setUTCFullYear(begin.getUTCFullYear(), month, day);
    return first;
  };
  for (const days of [1, 7]) {
    const marks = found((at) => at.setUTCDate(at.getUTCDate() + days), (date) => date, start(begin.getUTCMonth(), begin.getUTCDate()));
    if (marks.length <= most) return marks;
  }
  for (const months of [1, 3]) {
    const marks = found((at) => at.setUTCMonth(at.getUTCMonth() + months), (date) => date.slice(0, 7), start(0, 1));
    if (marks.length <= most) return marks;
  }
  for (const years of [1, 2, 5, 10, 20, 50, 100]) {
    const first = start(0, 1);
    first.setUTCFullYear(Math.floor(first.getUTCFullYear() / years) * years);
    const marks = found((at) => at.setUTCFullYear(at.getUTCFullYear() + years), (date) => date.slice(0, 4), first);
    if (marks.length <= most) return marks;
  }
  return [];
}

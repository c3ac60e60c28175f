// Rows of tables: what they hold, how they are sorted, which of them stand on the screen. Pure.

import { source } from "../../cited.ts";
import type { GEdge, GNode, Note, Stated } from "../state.ts";

export interface NodeRow {
  key: string;
  kind: string;
  label: string;
  links: number;
  from: string;
  to: string;
  sources: string;
  fact: boolean;
  mark: string;
}

export interface LinkRow {
  key: string; // the edge's id
  kind: string;
  start: string; // labels
  end: string;
  from: string;
  to: string;
  sources: string;
  fact: boolean;
}

/** The earliest day stated, and the latest last day; empty where none is, or a statement is open on that side. */
export function datesOf(provenance: readonly Stated[]): { from: string; to: string } {
  const dated = provenance.filter((stated) => stated.from || stated.to);
  const from = dated.map((stated) => stated.from ?? "").filter(Boolean).sort()[0] ?? "";
  const open = dated.some((stated) => !stated.to);
  const to = open ? "" : (dated.map((stated) => stated.to ?? "").sort().at(-1) ?? "");
  return { from, to };
}

export function sourcesOf(provenance: readonly Stated[]): string {
  return [...new Set(provenance.map((stated) => source(stated.source)))].join("; ");
}

export function nodeRow(node: GNode, at: readonly GEdge[], seen: ReadonlySet<string>, note: Note | undefined, kind: string): NodeRow {
  const links = at.filter((edge) => seen.has(edge.id));
  const dates = datesOf(links.flatMap((edge) => edge.provenance));
  return {
    key: node.key,
    kind,
    label: note?.label || node.label,
    links: links.length,
    ...dates,
    sources: sourcesOf(node.provenance),
    fact: node.fact,
    mark: note?.mark ?? "",
  };
}

export function linkRow(edge: GEdge, labelOf: (key: string) => string, kind: string): LinkRow {
  return {
    key: edge.id,
    kind,
    start: labelOf(edge.start),
    end: labelOf(edge.end),
    ...datesOf(edge.provenance),
    sources: sourcesOf(edge.provenance),
    fact: edge.fact,
  };
}

export type Value = string | number | boolean | null | readonly string[] | undefined;

/** Rows by a column: numbers as numbers, texts as people sort them, empty last whichever way; equals keep their order. */
export function sorted<R>(rows: readonly R[], value: (row: R) => Value, descending: boolean): R[] {
  const sign = descending ? -1 : 1;
  return rows
    .map((row, place) => ({ row, place, value: value(row) }))
    .sort((one, other) => {
      const [a, b] = [one.value, other.value];
      const [noA, noB] = [a === "" || a === null || a === undefined, b === "" || b === null || b === undefined];
      if (noA || noB) return Number(noA) - Number(noB) || one.place - other.place;
      const compared =
        typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
      return sign * compared || one.place - other.place;
    })
    .map((item) => item.row);
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Which rows of a long table are drawn: from `first` to before `end`, some beyond what is seen. */
export function windowOf(count: number, height: number, top: number, room: number, spare = 8): { first: number; end: number } {
  const first = Math.max(0, Math.min(count, Math.floor(top / height) - spare));
  const end = Math.min(count, Math.ceil((top + room) / height) + spare);
  return { first, end: Math.max(first, end) };
}

/** What a row of an answer is about: the nodes of its path, its own node, or those that its labels name. */
export function keysOfRow(row: Record<string, Value>, nodes: readonly GNode[]): string[] {
  if (Array.isArray(row["keys"])) return row["keys"] as string[];
  const found = typeof row["key"] === "string" ? [row["key"]] : [];
  for (const column of NAMING) {
    const label = row[column];
    if (typeof label !== "string" || !label) continue;
    const named = nodes.filter((node) => node.label === label);
    if (named.length === 1 && named[0]) found.push(named[0].key);
  }
  return [...new Set(found)];
}

const NAMING = ["one", "other", "unit", "thing", "document", "start", "end", "caller", "callee"];
const UNSHOWN = new Set(["keys", "sentence", "key", "fact"]);

/** The columns of an answer's rows in their order, without those that are for programs. */
export function columnsOf(rows: readonly Record<string, Value>[]): string[] {
  const first = rows[0];
  return first ? Object.keys(first).filter((column) => !UNSHOWN.has(column)) : [];
}

/** The words of kinds, with the kind beside where two kinds have one word. */
export function toldApart(kinds: Iterable<string>, wordOf: (kind: string) => string): (kind: string) => string {
  const held = new Map<string, Set<string>>();
  for (const kind of kinds) held.set(wordOf(kind), (held.get(wordOf(kind)) ?? new Set()).add(kind));
  return (kind) => ((held.get(wordOf(kind))?.size ?? 0) > 1 ? `${wordOf(kind)} (${kind})` : wordOf(kind));
}

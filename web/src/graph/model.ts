// The records of the graph browser and the sheet they lie on. Pure values: no signals, no DOM.

export interface Stated {
  source: string;
  fact: boolean;
  from: string | null;
  to: string | null;
  note: string;
  case?: string;
  properties?: Record<string, string>;
}

export interface GNode {
  key: string;
  kind: string;
  label: string;
  fact: boolean;
  band?: string; // of the lead on this person: weak, possible, strong
  provenance: Stated[];
}

export interface GEdge {
  id: string; // edgeId(kind, start, end)
  kind: string;
  start: string;
  end: string;
  fact: boolean;
  band?: string; // of the lead that makes this link
  provenance: Stated[];
}

export interface Answer {
  nodes: GNode[];
  edges: Omit<GEdge, "id">[];
  truncated: boolean;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** What the analyst adds to a node: a label instead of its own, a note, a mark. */
export interface Note {
  label?: string;
  note?: string;
  mark?: string;
}

/** Everything an undo brings back. Sets are maps to `true`, so that one kind of difference serves all parts. */
export interface Sheet {
  readonly nodes: ReadonlyMap<string, GNode>;
  readonly edges: ReadonlyMap<string, GEdge>;
  readonly places: ReadonlyMap<string, Place>;
  readonly pinned: ReadonlyMap<string, true>;
  readonly hidden: ReadonlyMap<string, true>;
  readonly asked: ReadonlyMap<string, true>;
  readonly notes: ReadonlyMap<string, Note>;
}

export type Part = keyof Sheet;
export const PARTS: readonly Part[] = ["nodes", "edges", "places", "pinned", "hidden", "asked", "notes"];

export const EMPTY: Sheet = {
  nodes: new Map(),
  edges: new Map(),
  places: new Map(),
  pinned: new Map(),
  hidden: new Map(),
  asked: new Map(),
  notes: new Map(),
};

export function edgeId(kind: string, start: string, end: string): string {
  return JSON.stringify([kind, start, end]);
}

/** A statement once, in the order in which it was first heard. */
function united(before: Stated[], now: Stated[]): Stated[] {
  const known = new Set(before.map((stated) => JSON.stringify(stated)));
  const more = now.filter((stated) => !known.has(JSON.stringify(stated)));
  return more.length > 0 ? [...before, ...more] : before;
}

/** The node or link with what both answers state; `before` itself where the second states nothing new. */
export function merged<T extends GNode | GEdge>(before: T | undefined, now: T): T {
  if (before === undefined) return now;
  const provenance = united(before.provenance, now.provenance);
  const fact = before.fact || now.fact;
  const label = "label" in now ? now.label : "";
  const band = now.band ?? before.band;
  const alike = fact === before.fact && band === before.band && (!("label" in before) || before.label === label);
  if (alike && provenance === before.provenance) return before;
  return { ...now, fact, provenance, ...(band ? { band } : {}) };
}

/** The links at each node. */
export function linksAt(edges: Iterable<GEdge>): Map<string, GEdge[]> {
  const at = new Map<string, GEdge[]>();
  const put = (key: string, edge: GEdge) => {
    const known = at.get(key);
    if (known) known.push(edge);
    else at.set(key, [edge]);
  };
  for (const edge of edges) {
    put(edge.start, edge);
    if (edge.end !== edge.start) put(edge.end, edge);
  }
  return at;
}

export function otherEnd(edge: Pick<GEdge, "start" | "end">, key: string): string {
  return edge.start === key ? edge.end : edge.start;
}

/** What hangs on this node and on nothing else: neighbours whose links lead to it or to each other alone. Nodes that
 * were asked for, pinned or noted stay. */
export function hanging(sheet: Sheet, key: string): string[] {
  const at = linksAt(sheet.edges.values());
  const loose = new Set<string>();
  for (const edge of at.get(key) ?? []) {
    const other = otherEnd(edge, key);
    const kept = sheet.asked.has(other) || sheet.pinned.has(other) || sheet.notes.has(other);
    if (other !== key && !kept) loose.add(other);
  }
  for (let before = -1; before !== loose.size; ) {
    before = loose.size;
    for (const node of loose) {
      const tied = at.get(node)?.some((edge) => otherEnd(edge, node) !== key && !loose.has(otherEnd(edge, node)));
      if (tied) loose.delete(node);
    }
  }
  return [...loose];
}

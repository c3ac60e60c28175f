// The state of the graph browser: what lies on the canvas, how it is looked at, and every way to change it. The panels
// and the canvas both work on this and on nothing else. Values of people stay here: never in an address or a storage.

import { type ReadonlySignal, type Signal, batch, computed, signal } from "@preact/signals";

import { type Filters, type Period, type Seen, seen } from "./filtering.ts";
import { Draft, History, type Step, applied, sizeOf } from "./history.ts";
import { type Answer, EMPTY, type GEdge, type GNode, type Note, type Place, type Sheet } from "./model.ts";
import { edgeId, hanging, linksAt, merged } from "./model.ts";
import { placed } from "./placing.ts";

export type { Answer, GEdge, GNode, Note, Place, Stated } from "./model.ts";
export type { Filters, Period } from "./filtering.ts";
export { edgeId } from "./model.ts";

export type Styling = "kind" | "band" | "date";
export type LayoutName = "force" | "hierarchical" | "circular" | "places";

/** A view that can be kept: keys, not records, as `PUT /graph/views` takes it. The records come from the server when it
 * is opened again. `positions` names the nodes; `text` is the analyst's own about the view. */
export interface ViewState {
  positions: Record<string, [number, number]>;
  edges: [kind: string, start: string, end: string][];
  hidden: string[];
  pinned: string[];
  notes: Record<string, { label: string; note: string; mark: string }>;
  filters: { kinds: string[]; links: string[]; text: string };
  period: Period | null;
  assessments: boolean;
  styling: Styling;
  layout: LayoutName | "";
  text: string;
}

/** What only a canvas on the screen can do. `Canvas` connects itself; what is asked before is done then. */
export interface Drawing {
  arrange(layout: LayoutName): void;
  fit(): void;
  show(keys: Iterable<string>): void;
  picture(): Promise<Blob>;
}

export const sheet: Signal<Sheet> = signal(EMPTY);
const past = new History();
const turns = signal(0); // counts the changes of the history, for canUndo and canRedo

const keysOf = (map: ReadonlyMap<string, true>): ReadonlySet<string> => new Set(map.keys());

export const nodes: ReadonlySignal<ReadonlyMap<string, GNode>> = computed(() => sheet.value.nodes);
export const edges: ReadonlySignal<ReadonlyMap<string, GEdge>> = computed(() => sheet.value.edges);
export const places: ReadonlySignal<ReadonlyMap<string, Place>> = computed(() => sheet.value.places);
export const notes: ReadonlySignal<ReadonlyMap<string, Note>> = computed(() => sheet.value.notes);
const pinnedMap = computed(() => sheet.value.pinned);
const hiddenMap = computed(() => sheet.value.hidden);
const askedMap = computed(() => sheet.value.asked);
export const pinned: ReadonlySignal<ReadonlySet<string>> = computed(() => keysOf(pinnedMap.value));
export const hidden: ReadonlySignal<ReadonlySet<string>> = computed(() => keysOf(hiddenMap.value));
export const asked: ReadonlySignal<ReadonlySet<string>> = computed(() => keysOf(askedMap.value)); // they wear a ring

/** The links at each node, hidden ones included. */
export const links: ReadonlySignal<ReadonlyMap<string, readonly GEdge[]>> = computed(() => linksAt(edges.value.values()));

export const selection: Signal<ReadonlySet<string>> = signal(new Set());
export const edgeSelected: Signal<string | null> = signal(null);
export const emphasis: Signal<ReadonlySet<string>> = signal(new Set());
export const period: Signal<Period | null> = signal(null);
export const filters: Signal<Filters> = signal({ kinds: new Set(), links: new Set(), text: "" });
export const assessments: Signal<boolean> = signal(false);
export const styling: Signal<Styling> = signal("kind");
/** Of the nodes that leads are about: weak, possible, strong. */
export const bands: ReadonlySignal<ReadonlyMap<string, string>> = computed(
  () => new Map([...nodes.value.values()].flatMap(({ key, band }) => (band ? [[key, band] as const] : []))),
);
export const layout: Signal<LayoutName | ""> = signal(""); // the last one that was asked for
export const graphName: Signal<string> = signal(""); // of an imported graph; empty: the program's own

export const canUndo: ReadonlySignal<boolean> = computed(() => turns.value >= 0 && past.canUndo);
export const canRedo: ReadonlySignal<boolean> = computed(() => turns.value >= 0 && past.canRedo);

export const visible: ReadonlySignal<Seen> = computed(() => {
  const [ofNodes, ofEdges] = [nodes.value, edges.value];
  const parts = { nodes: ofNodes, edges: ofEdges, hidden: hiddenMap.value, pinned: pinnedMap.value };
  const whole: Sheet = { ...parts, asked: askedMap.value, notes: notes.value, places: EMPTY.places };
  return seen(whole, {
    filters: filters.value,
    period: period.value,
    assessments: assessments.value,
    emphasis: emphasis.value,
  });
});

/** One step of undo, or what follows the step `of` by itself, as a part of the last one: an undo then takes back what was
 * done by hand. Nothing where nothing changes. False, and nothing, where `of` has been taken back. */
function change(act: (draft: Draft) => void, of: Step | null = null): boolean {
  if (of !== null && !past.holds(of)) return false;
  const draft = new Draft(sheet.peek());
  act(draft);
  const step = draft.step;
  if (sizeOf(step) === 0) return true;
  if (of !== null) past.amend(step);
  else past.push(step);
  settle(applied(draft.base, step));
  return true;
}

/** The last step, for `move` to follow it. */
export function lastStep(): Step | null {
  return past.last;
}

function settle(next: Sheet): void {
  batch(() => {
    sheet.value = next;
    turns.value += 1;
    const kept = [...selection.peek()].filter((key) => next.nodes.has(key));
    if (kept.length < selection.peek().size) selection.value = new Set(kept);
    const edge = edgeSelected.peek();
    if (edge !== null && !next.edges.has(edge)) edgeSelected.value = null;
  });
}

/** What an answer brings, beside `around` where that is given. `askedFor` get a ring and are seen even as assessments. */
export function add(answer: Answer, around?: string, askedFor: Iterable<string> = []): void {
  change((draft) => {
    bring(draft, answer, around);
    for (const key of askedFor) if (draft.get("nodes", key)) draft.set("asked", key, true);
  });
}

let unsettled: string[] = []; // nodes that were brought without a place of their own

/** The nodes that came last without a place of their own, for the canvas to settle; once. */
export function takeUnsettled(): string[] {
  const keys = unsettled;
  unsettled = [];
  return keys;
}

function bring(draft: Draft, answer: Answer, around?: string): void {
  const fresh: string[] = [];
  for (const node of answer.nodes) {
    const before = draft.get("nodes", node.key);
    if (before === undefined) fresh.push(node.key);
    draft.set("nodes", node.key, merged(before, node));
  }
  const anchors = new Map<string, string[]>();
  for (const stated of answer.edges) {
    if (!draft.get("nodes", stated.start) || !draft.get("nodes", stated.end)) continue;
    const id = edgeId(stated.kind, stated.start, stated.end);
    draft.set("edges", id, merged(draft.get("edges", id), { ...stated, id }));
    for (const [one, other] of [[stated.start, stated.end], [stated.end, stated.start]] as const) {
      const held = anchors.get(one);
      if (held) held.push(other);
      else anchors.set(one, [other]);
    }
  }
  const { places: known } = draft.base;
  const unplaced = fresh.filter((key) => draft.get("places", key) === undefined);
  for (const [key, place] of placed(unplaced, anchors, known, around)) draft.set("places", key, place);
  unsettled = unplaced;
}

function take(draft: Draft, keys: Iterable<string>): void {
  const at = links.peek();
  for (const key of keys) {
    for (const edge of at.get(key) ?? []) draft.set("edges", edge.id, undefined);
    for (const part of ["nodes", "places", "pinned", "hidden", "asked", "notes"] as const) draft.set(part, key, undefined);
  }
}

/** Off the canvas, with their links and the analyst's notes; an undo brings all back. */
export function remove(keys: Iterable<string>): void {
  change((draft) => take(draft, [...keys]));
}

/** Off the canvas goes what hangs on this node alone. */
export function collapse(key: string): void {
  change((draft) => take(draft, hanging(draft.base, key)));
}

export function removeEdges(ids: Iterable<string>): void {
  change((draft) => {
    for (const id of ids) draft.set("edges", id, undefined);
  });
}

export function hide(keys: Iterable<string>): void {
  mark("hidden", keys, true);
}

export function unhideAll(): void {
  mark("hidden", sheet.peek().hidden.keys(), undefined);
}

export function pin(keys: Iterable<string>): void {
  mark("pinned", keys, true);
}

export function unpin(keys: Iterable<string>): void {
  mark("pinned", keys, undefined);
}

/** The ring of what was asked for. */
export function markAsked(keys: Iterable<string>): void {
  mark("asked", keys, true);
}

function mark(part: "hidden" | "pinned" | "asked", keys: Iterable<string>, value: true | undefined): void {
  change((draft) => {
    for (const key of keys) if (draft.base.nodes.has(key)) draft.set(part, key, value);
  });
}

/** A note without its empty parts. */
function spoken(note: Note): Note {
  return Object.fromEntries(Object.entries(note).filter(([, text]) => text)) as Note;
}

/** The analyst's own words about a node; without any, the note is taken away. */
export function annotate(key: string, note: Note): void {
  const said = spoken(note);
  const before = notes.peek().get(key);
  if (JSON.stringify(before ?? {}) === JSON.stringify(said) || !nodes.peek().has(key)) return;
  change((draft) => draft.set("notes", key, Object.keys(said).length > 0 ? said : undefined));
}

/** Where nodes stand after a drag or a layout; pinned nodes are moved by a drag alone, which is the caller's rule. False
 * where the layout is of a step that has been taken back: then nothing is moved. */
export function move(moved: ReadonlyMap<string, Place>, of: Step | null = null): boolean {
  return change((draft) => {
    for (const [key, place] of moved) {
      const before = draft.base.places.get(key);
      const stays = before?.x === place.x && before.y === place.y;
      if (draft.base.nodes.has(key) && !stays) draft.set("places", key, place);
    }
  }, of);
}

export function undo(): void {
  const step = past.undo();
  if (step) settle(applied(sheet.peek(), step, "back"));
}

export function redo(): void {
  const step = past.redo();
  if (step) settle(applied(sheet.peek(), step, "forth"));
}

export function snapshot(): ViewState {
  const now = sheet.peek();
  const { kinds, links: out, text } = filters.peek();
  return {
    positions: Object.fromEntries([...now.places].map(([key, { x, y }]) => [key, [rounded(x), rounded(y)]])),
    edges: [...now.edges.values()].map(({ kind, start, end }) => [kind, start, end]),
    hidden: [...now.hidden.keys()],
    pinned: [...now.pinned.keys()],
    notes: Object.fromEntries(
      [...now.notes].map(([key, { label = "", note = "", mark = "" }]) => [key, { label, note, mark }]),
    ),
    filters: { kinds: [...kinds], links: [...out], text },
    period: period.peek(),
    assessments: assessments.peek(),
    styling: styling.peek(),
    layout: layout.peek(),
    text: "",
  };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The canvas as a view kept it, one step of undo. `answer`: the records of its keys as they are today (without it,
 * those that lie on the canvas); what a view names and no answer holds stays away. */
export function restore(view: ViewState, answer?: Answer): void {
  const now = sheet.peek();
  const known = answer ?? { nodes: [...now.nodes.values()], edges: [...now.edges.values()], truncated: false };
  const keys = new Set(Object.keys(view.positions));
  const ids = new Set(view.edges.map(([kind, start, end]) => edgeId(kind, start, end)));
  const held: Answer = {
    nodes: known.nodes.filter((node) => keys.has(node.key)),
    edges: known.edges.filter(({ kind, start, end }) => ids.has(edgeId(kind, start, end))),
    truncated: false,
  };
  batch(() => {
    change((draft) => {
      take(draft, now.nodes.keys());
      for (const { key } of held.nodes) {
        const at = view.positions[key];
        if (at) draft.set("places", key, { x: at[0], y: at[1] });
      }
      bring(draft, held);
      for (const part of ["hidden", "pinned"] as const) {
        for (const key of view[part]) if (draft.get("nodes", key)) draft.set(part, key, true);
      }
      for (const key of now.asked.keys()) if (draft.get("nodes", key)) draft.set("asked", key, true);
      for (const [key, note] of Object.entries(view.notes)) {
        if (draft.get("nodes", key)) draft.set("notes", key, spoken(note));
      }
    });
    const { kinds, links: out, text } = view.filters;
    filters.value = { kinds: new Set(kinds), links: new Set(out), text };
    period.value = view.period;
    assessments.value = view.assessments;
    styling.value = view.styling;
    layout.value = view.layout;
    emphasis.value = new Set();
  });
}

/** An empty canvas without a past, as for another case or another user. */
export function clear(): void {
  batch(() => {
    past.clear();
    settle(EMPTY);
    emphasis.value = new Set();
    period.value = null;
    filters.value = { kinds: new Set(), links: new Set(), text: "" };
  });
}

let drawing: Drawing | null = null;
let waiting: ((drawn: Drawing) => void)[] = [];

/** Called by the canvas when it comes and (with null) when it goes. */
export function connect(next: Drawing | null): void {
  drawing = next;
  if (next === null) return;
  for (const act of waiting) act(next);
  waiting = [];
}

function draw(act: (drawn: Drawing) => void): void {
  if (drawing) act(drawing);
  else waiting.push(act);
}

export function arrange(name: LayoutName): void {
  layout.value = name;
  draw((drawn) => drawn.arrange(name));
}

export function fit(): void {
  draw((drawn) => drawn.fit());
}

export function show(keys: Iterable<string>): void {
  const shown = [...keys];
  draw((drawn) => drawn.show(shown));
}

/** A PNG of what is seen. */
export function picture(): Promise<Blob> {
  return new Promise((done, failed) => draw((drawn) => drawn.picture().then(done, failed)));
}

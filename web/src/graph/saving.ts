// Saved views of a case: opened, saved under what was seen of them, and compared with what is there today.

import { batch, effect, signal } from "@preact/signals";

import { ApiError } from "../api.ts";
import { session } from "../session.ts";
import { t } from "../words.ts";
import * as calls from "./calls.ts";
import type { Changes, SavedView } from "./calls.ts";
import { act, answers, banners, building, choices, cut, drawnIn, heed, open, status, whenForgotten } from "./desk.ts";
import { isQuiet, marked, seal } from "./panels/viewing.ts";
import { type ViewState, add, assessments, clear, emphasis, filters, graphName, period, restore, sheet, show, snapshot, styling } from "./state.ts";

export const saved = signal<readonly SavedView[] | null>(null); // null: not read yet
export const current = signal<SavedView | null>(null);
export const changed = signal<Changes | null>(null);
/** Somebody else has saved the view since it was opened. */
export const conflict = signal(false);
export const unsaved = signal(false);
const sealed = signal("");

const PAUSE_MS = 400; // of quiet before what is seen is compared with what was saved

function keep(view: SavedView | null): void {
  batch(() => {
    current.value = view;
    sealed.value = view ? seal(snapshot()) : "";
    conflict.value = false;
    unsaved.value = false;
  });
}

/** Another graph begins with an empty canvas, without a past and without a view: graphs are never mixed. */
export function choose(graph: string): void {
  batch(() => {
    clear();
    keep(null);
    changed.value = null;
    answers.value = [];
    drawnIn.value = null;
    building.value = null;
    choices.value = null;
    banners.value = [];
    cut.value = false;
    if (graph) assessments.value = false; // it holds no leads
    graphName.value = graph;
  });
}

let timer: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  void [sheet.value, filters.value, period.value, assessments.value, styling.value];
  const before = sealed.value;
  clearTimeout(timer);
  if (before) timer = setTimeout(() => (unsaved.value = seal(snapshot()) !== before), PAUSE_MS);
});

whenForgotten.push(() => {
  keep(null);
  saved.value = null;
  changed.value = null;
});

addEventListener("beforeunload", (event) => {
  if (session.peek() && current.peek() && unsaved.peek()) event.preventDefault();
});

export async function readViews(): Promise<void> {
  const found = await act(() => calls.views());
  if (found) saved.value = found.views;
}

export async function openView(id: string): Promise<void> {
  const found = await act(() => calls.openView(id));
  if (!found) return;
  batch(() => {
    if (graphName.peek() !== found.view.graph) choose(found.view.graph);
    heed(found);
    answers.value = [];
    drawnIn.value = null;
    restore(found.view.state as ViewState, found);
    open("table"); // what the view holds is told in words, too
    keep(found.view);
    changed.value = null;
    status.value = t(found.gone.length > 0 ? "page.graph.views.opened-gone" : "page.graph.views.opened", {
      name: found.view.name,
      gone: found.gone.length,
    });
  });
  await compare(false);
}

/** What is new, changed or gone in the open view since this user last looked; `seen` makes now the last look. */
export async function compare(seen: boolean): Promise<void> {
  const view = current.peek();
  if (!view) return;
  const found = await act(() => calls.changes(view.id, seen));
  if (!found) return;
  batch(() => {
    changed.value = seen ? null : found;
    emphasis.value = seen || isQuiet(found) ? new Set() : marked(found);
  });
}

/** What is new comes onto the canvas, strongly drawn. */
export function drawChanges(): void {
  const found = changed.peek();
  if (!found) return;
  batch(() => {
    add({ ...found.new, truncated: false });
    add({ ...found.changed, truncated: false });
    emphasis.value = marked(found);
  });
  show([...emphasis.peek()].filter((key) => sheet.peek().nodes.has(key)));
}

/** Save what is seen, as the open view or (with `fresh`) as another. A view that somebody else has saved since stays. */
export async function save(name: string, fresh: boolean): Promise<boolean> {
  const view = fresh ? null : current.peek();
  const state = snapshot();
  const answered = await act(async () => {
    try {
      return await calls.saveView(view?.id ?? "new", view?.revision ?? 0, name, graphName.peek(), state);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409 && view) conflict.value = true;
      throw error;
    }
  });
  if (!answered) return false;
  keep(answered.view);
  status.value = t("page.graph.views.saved", { name });
  await readViews();
  return true;
}

/** Another name for a view, open or not; what it shows stays. */
export async function rename(view: SavedView, name: string): Promise<void> {
  const answered = await act(async () => {
    const found = await calls.openView(view.id);
    return calls.saveView(view.id, found.view.revision, name, found.view.graph, found.view.state);
  });
  if (!answered) return;
  if (current.peek()?.id === view.id) current.value = answered.view;
  await readViews();
}

export async function remove(view: SavedView): Promise<void> {
  const done = await act(() => calls.deleteView(view.id, view.revision));
  if (!done) return;
  if (current.peek()?.id === view.id) keep(null);
  status.value = t("page.graph.views.deleted", { name: view.name });
  await readViews();
}

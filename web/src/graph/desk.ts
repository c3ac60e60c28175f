// What the panels share beside the state of the canvas: what is being asked, what was answered, what went wrong, and
// which panels are open. Emptied when nobody is signed in, or another user or case begins.

import { batch, computed, effect, signal, untracked } from "@preact/signals";

import { ApiError } from "../api.ts";
import { session } from "../session.ts";
import { has, lang, t } from "../words.ts";
import { type Answered, type Building, type Common, type DrawnIn, type Found, type Imported, type Offered, analyses } from "./calls.ts";
import { NO_BOUNDS } from "./panels/asking.ts";
import { clear, graphName, nodes, notes } from "./state.ts";

export type Tab = "answer" | "table" | "timeline" | "building";

export const offered = signal<Offered | null>(null);
export const graphs = signal<Imported[]>([]);
export const typed = signal(""); // into the find box
export const choices = signal<Found | null>(null); // where a text names several nodes, or none
export const bounds = signal(NO_BOUNDS);
export const answers = signal<readonly Answered[]>([]);
export const drawnIn = signal<DrawnIn | null>(null);
export const building = signal<Building | null>(null);
export const banners = signal<readonly string[]>([]);
export const cut = signal(false);
export const working = signal(0); // questions that are under way
export const problem = signal("");
export const status = signal("");
export const tab = signal<Tab>("table");
export const folded = signal({ left: false, right: false, below: true }); // the tables open with the first answer
export const tall = signal(false); // the tables take most of the height

export const hasCase = computed(() => Boolean(session.value?.case));
export const hasAuthority = computed(() => Boolean(session.value?.case || session.value?.reason));

/** Run a question. What goes wrong is said and answered with `undefined`. */
export async function act<T>(question: () => Promise<T>): Promise<T | undefined> {
  working.value += 1;
  problem.value = "";
  status.value = "";
  try {
    return await question();
  } catch (error) {
    problem.value = told(error);
    return undefined;
  } finally {
    working.value -= 1;
  }
}

/** An error in words: the page's own where it has some, else the server's. */
export function told(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  const key = `page.graph.refused.${error.code}`;
  return has(key) ? t(key) : error.message;
}

/** What an answer says of itself is shown before the answer. */
export function heed(...found: readonly Pick<Common, "banners" | "truncated">[]): void {
  banners.value = [...new Set(found.flatMap((answer) => answer.banners ?? []))];
  cut.value = found.some((answer) => answer.truncated);
}

/** What a node is called here: the analyst's own label, else that of its sources. */
export function labelOf(key: string): string {
  return notes.value.get(key)?.label || nodes.value.get(key)?.label || key;
}

/** A day or a time between two, as it is written. */
export function days(from: string | null | undefined, to: string | null | undefined): string {
  if (!from && !to) return "";
  if (from === to) return from ?? "";
  return t("page.graph.days", { from: from || "…", to: to || "…" });
}

export function open(name: Tab): void {
  tab.value = name;
  folded.value = { ...folded.value, below: false };
}

function forget(): void {
  batch(() => {
    clear();
    typed.value = "";
    choices.value = null;
    answers.value = [];
    drawnIn.value = null;
    building.value = null;
    banners.value = [];
    cut.value = false;
    problem.value = "";
    status.value = "";
    bounds.value = NO_BOUNDS;
    graphs.value = [];
    graphName.value = "";
  });
}

export const whenForgotten: (() => void)[] = [];

let last = { user: "", case: "" };
/** What belongs to a case is not looked at under another, nor by another user. */
effect(() => {
  const now = { user: session.value?.user ?? "", case: session.value?.case ?? "" };
  const before = last;
  last = now;
  const another = before.user !== "" && before.user !== now.user;
  const closed = before.case !== "" && before.case !== now.case;
  if (another || closed)
    untracked(() => {
      forget();
      for (const also of whenForgotten) also();
    });
});

/** The words of analyses, kinds and links come with the language of the page. */
effect(() => {
  const wanted = lang.value;
  if (!session.value) return;
  analyses().then(
    (found) => {
      if (wanted === lang.peek()) offered.value = found;
    },
    (error: unknown) => (problem.value = told(error)),
  );
});

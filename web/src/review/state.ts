// The queue, the open lead and what is typed about it. All of it lives in the page's memory alone.

import { computed, signal } from "@preact/signals";

import { ApiError, call } from "../api.ts";
import { authorised } from "../parts/authority.tsx";
import { tell } from "../parts/said.tsx";
import { newWork } from "../parts/work.ts";
import { session, whenSignedOut, whenUserChanges } from "../session.ts";
import { lang } from "../words.ts";
import { type Draft, type Drafts, draftKey, isUnsent, typed, unsentLeads, without } from "./drafts.ts";
import { FILTERS, type Filters, type Order, filterBody, joined, moved, nextWaiting, told } from "./queue.ts";
import type { Changed, Conflict, Lead, Queue, Queued, Replayed } from "./shapes.ts";

export const filters = signal<Filters>(FILTERS);
export const order = signal<Order>("best");
export const queue = signal<{ leads: Queued[]; total: number; banners: string[]; at: string } | null>(null);
export const rows = computed(() => queue.value?.leads ?? []);
export const chosen = signal(""); // the row that the eye is on
export const lead = signal<Lead | null>(null);
export const panel = signal(""); // the act whose fields are open, or ""
export const conflict = signal<Conflict | null>(null);
export const suggested = signal("");
export const replayed = signal<Replayed | null>(null);
export const drafts = signal<Drafts>(new Map());
export const myName = signal(""); // who decides signs each time; the last name is offered again
export const listing = newWork();
export const reading = newWork();
export const changing = newWork();
/** Names of lists and feeds that there are leads of, to choose from. */
export const known = signal<{ lists: string[]; feeds: string[] }>({ lists: [], feeds: [] });

const OPENING = ["confirm", "clear", "assign", "note", "outcome", "reopen"];

export async function list(more = false): Promise<void> {
  if (!authorised()) return;
  const before = more ? (queue.value?.leads ?? []) : [];
  const body = filterBody(filters.value, order.value, before.length);
  readIn = lang.value;
  const found = await listing.run((gone) => call<Queue>("POST", "/leads", body, gone));
  if (!found) return;
  const leads = joined(before, found.leads);
  queue.value = { leads, total: found.total, banners: found.banners, at: new Date().toISOString() };
  known.value = { lists: found.lists, feeds: found.feeds };
  if (!leads.some((item) => item.lead === chosen.value)) chosen.value = rows.value[0]?.lead ?? "";
}

let readIn = lang.value;

/** Reads queue and lead again where they stand in another language than the page: their sentences come worded. */
export function reread(): void {
  if (readIn === lang.value) return;
  readIn = lang.value;
  void list();
  if (lead.value) void openLead(lead.value.lead);
}

export function filter(change: Partial<Filters>): void {
  filters.value = { ...filters.value, ...change };
  void list();
}

export function sortBy(by: Order): void {
  order.value = by;
  void list();
}

export function move(by: number): void {
  chosen.value = moved(rows.value, chosen.value, by);
}

export async function openLead(id: string): Promise<void> {
  if (!id || !authorised()) return;
  chosen.value = id;
  if (lead.value?.lead !== id) closeBeside();
  const found = await reading.run((gone) => call<Lead>("POST", `/leads/${encodeURIComponent(id)}`, {}, gone));
  if (found) show(found);
}

function show(found: Lead, along: readonly string[] = []): void {
  lead.value = found;
  if (queue.value) queue.value = { ...queue.value, leads: told(queue.value.leads, found, along) };
}

function closeBeside(): void {
  lead.value = null;
  panel.value = "";
  conflict.value = null;
  replayed.value = null;
  suggested.value = "";
  changing.drop();
}

/** Opens the fields of an act, or says why it may not be done. */
export function begin(act: string): void {
  const own = lead.value;
  if (own === null) return;
  const allowed = own.may[act];
  if (!allowed?.allowed) {
    if (allowed?.why) tell(allowed.why);
    return;
  }
  changing.drop();
  replayed.value = null;
  if (OPENING.includes(act)) panel.value = act;
}

/** Closes what is open: the fields first, which keep what was typed, then the lead. */
export function close(): void {
  if (panel.value) panel.value = "";
  else if (replayed.value) replayed.value = null;
  else if (lead.value) {
    reading.drop();
    closeBeside();
  }
}

export function draft(act: string): Draft {
  return drafts.value.get(draftKey(lead.value?.lead ?? "", act)) ?? {};
}

export function write(act: string, change: Draft): void {
  drafts.value = typed(drafts.value, draftKey(lead.value?.lead ?? "", act), change);
  if (typeof change.name === "string") myName.value = change.name;
}

export function discard(act: string): void {
  drafts.value = without(drafts.value, draftKey(lead.value?.lead ?? "", act));
  panel.value = "";
}

/** A change that got no answer is sent again under its own id, so that it is done once. */
let unanswered: { stated: string; id: string } | null = null;

export async function change(act: string, body: Record<string, unknown>): Promise<void> {
  const own = lead.value;
  if (own === null || !authorised()) return;
  const stated = { ...own.seen, ...body };
  const key = JSON.stringify([own.lead, act, stated]);
  if (unanswered?.stated !== key) unanswered = { stated: key, id: crypto.randomUUID() };
  const { id } = unanswered;
  const done = await changing.run(async (gone) => {
    try {
      return await call<Changed>("POST", `/leads/${encodeURIComponent(own.lead)}/${act}`, stated, gone, id);
    } catch (error) {
      if (error instanceof ApiError && error.code !== "connection") unanswered = null;
      if (error instanceof ApiError && error.code === "changed" && isConflict(error.body)) {
        conflict.value = error.body;
        if (lead.value?.lead === own.lead) show(error.body.lead);
        return undefined;
      }
      throw error;
    }
  });
  if (!done) return;
  unanswered = null;
  conflict.value = null;
  drafts.value = without(drafts.value, draftKey(own.lead, act));
  panel.value = "";
  show(done.lead, done.cleared ?? []);
  suggested.value = done.suggested ?? "";
  tell(done.text);
  if (act === "confirm" || act === "clear") chosen.value = nextWaiting(rows.value, own.lead);
}

function isConflict(body: unknown): body is Conflict {
  return typeof body === "object" && body !== null && "lead" in body && "detail" in body;
}

export async function replay(): Promise<void> {
  const own = lead.value;
  if (own === null || !authorised()) return;
  panel.value = "";
  const done = await changing.run((gone) =>
    call<Replayed>("POST", `/leads/${encodeURIComponent(own.lead)}/replay`, { revision: null }, gone),
  );
  if (done) replayed.value = done;
}

/** Leads with something typed and not sent. */
export const unsent = computed(() => unsentLeads(drafts.value));

export function isDraft(act: string): boolean {
  return isUnsent(drafts.value.get(draftKey(lead.value?.lead ?? "", act)));
}

addEventListener("beforeunload", (event) => {
  if (unsent.value.length && session.value) event.preventDefault();
});

whenSignedOut(() => {
  listing.drop();
  reading.drop();
  queue.value = null;
  chosen.value = "";
  closeBeside();
});
whenUserChanges(() => {
  drafts.value = new Map();
  myName.value = "";
  filters.value = FILTERS;
});

// One query: what is typed, what was sent, what came back. It lives in the page's memory alone.

import { signal } from "@preact/signals";

import { call } from "../api.ts";
import { authorised } from "../parts/authority.tsx";
import type { Compared, Entry, Person, Standing } from "../parts/shapes.ts";
import { newWork } from "../parts/work.ts";
import { whenSignedOut, whenUserChanges } from "../session.ts";
import { type Lang, lang } from "../words.ts";
import { BOUNDS, type Bounds, type Fields, NO_FIELDS, type Sent, type Split, boundsBody, fromSplit, personBody } from "./fields.ts";

export interface Remark {
  kind: string;
  text: string;
}

export interface Match extends Compared {
  key: string;
  entry: Entry;
  band: string;
  group?: string;
  list_status: string;
}

export interface Against {
  list: string;
  id: string;
  answer: string;
  text: string;
  entry: Entry | null;
  match: (Match & Compared) | null;
}

export interface Answer {
  query: Person;
  remarks: Remark[];
  as_of: string;
  lists: Standing[];
  policy: string;
  matches: Match[];
  truncated: boolean;
  consultation: string;
  against?: Against;
  banners: string[];
  notice: string;
}

export interface Opened {
  lead: string | null;
  text: string;
}

export const line = signal("");
export const fields = signal<Fields>(NO_FIELDS);
export const bounds = signal<Bounds>(BOUNDS);
export const remarks = signal<Remark[]>([]); // of the pasted line
export const answer = signal<Answer | null>(null);
export const opened = signal<ReadonlyMap<string, Opened>>(new Map()); // by the entry's key
export const splitting = newWork();
export const asking = newWork();
export const opening = newWork();

export const answeredIn = signal<Lang>("en"); // the language that the answer is worded in

let sent: Sent = {};
let lastSplit = "";

export function set(change: Partial<Fields>): void {
  fields.value = { ...fields.value, ...change };
}

export function bound(change: Partial<Bounds>): void {
  bounds.value = { ...bounds.value, ...change };
}

/** Splits the pasted line into the fields. Answers whether there was anything new to split. */
export async function split(): Promise<boolean> {
  const text = line.value.trim();
  if (!text || text === lastSplit) return false;
  const found = await splitting.run((gone) => call<Split & { remarks: Remark[] }>("POST", "/split", { line: text }, gone));
  if (found) {
    lastSplit = text;
    fields.value = fromSplit(found);
    remarks.value = found.remarks;
  }
  return true;
}

export async function ask(): Promise<void> {
  const person = personBody(fields.value);
  if (!Object.keys(person).length || !authorised()) return;
  const found = await asking.run((gone) =>
    call<Answer>("POST", "/match", { ...person, ...boundsBody(bounds.value) }, gone),
  );
  if (found) {
    sent = person;
    answeredIn.value = lang.value;
    answer.value = found;
    opened.value = new Map();
    opening.drop();
  }
}

/** Opens a match of the answer as a lead. */
export async function openLead(match: Match): Promise<Opened | undefined> {
  const shown = answer.value;
  if (shown === null || !authorised()) return undefined;
  const stated = { ...sent, consultation: shown.consultation, entry: match.key, as_of: bounds.value.as_of || null };
  const done = await opening.run(() => call<Opened>("POST", "/leads/open", stated));
  if (done) opened.value = new Map(opened.value).set(match.key, done);
  return done;
}

export function reset(): void {
  for (const work of [splitting, asking, opening]) work.drop();
  line.value = "";
  lastSplit = "";
  fields.value = NO_FIELDS;
  bounds.value = BOUNDS;
  remarks.value = [];
  forget();
}

function forget(): void {
  answer.value = null;
  opened.value = new Map();
  sent = {};
}

whenSignedOut(forget);
whenUserChanges(reset);

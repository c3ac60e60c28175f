import assert from "node:assert/strict";
import { test } from "node:test";

import { draftKey, isUnsent, typed, unsentLeads, without } from "../src/review/drafts.ts";
import { KEYS, whyNot } from "../src/review/keys.ts";
import { FILTERS, ageOf, filterBody, joined, moved, narrowed, nextWaiting, told } from "../src/review/queue.ts";
import type { Lead, Queued } from "../src/review/shapes.ts";

function row(lead: string, more: Partial<Queued> = {}): Queued {
  return { lead, state: "open", state_label: "open", list: "", feed: "", opened_at: "", ...more } as Queued;
}

const ids = (leads: readonly Queued[]) => leads.map((item) => item.lead).join("");

test("every key does one thing, and none twice", () => {
  assert.equal(new Set(KEYS.map(([key]) => key)).size, KEYS.length);
  assert.equal(new Set(KEYS.map(([, act]) => act)).size, KEYS.length);
});

test("a key that misses its field does nothing while something is written", () => {
  for (const [, act] of KEYS) assert.equal(whyNot(act, { lead: true, writing: true, pressing: false }), "writing");
});

test("Enter opens a lead unless it presses what has the focus; acts wait for an open lead", () => {
  const now = { lead: false, writing: false, pressing: true };
  assert.equal(whyNot("open", now), "pressing");
  assert.equal(whyNot("open", { ...now, pressing: false }), "");
  assert.equal(whyNot("confirm", now), "no-lead");
  assert.equal(whyNot("confirm", { ...now, lead: true }), "");
  assert.equal(whyNot("next", now), "");
});

test("the eye moves within the queue and stops at its ends", () => {
  const leads = [row("a"), row("b"), row("c")];
  assert.deepEqual([moved(leads, "a", 1), moved(leads, "c", 1), moved(leads, "a", -1)], ["b", "c", "a"]);
  assert.deepEqual([moved(leads, "gone", 1), moved([], "a", 1)], ["a", ""]);
});

test("after a decision the next lead that waits is chosen, from the start where none follows", () => {
  const leads = [row("a"), row("b", { state: "cleared" }), row("c"), row("d", { state: "confirmed" })];
  assert.deepEqual([nextWaiting(leads, "a"), nextWaiting(leads, "c"), nextWaiting([row("a", { state: "cleared" })], "a")], [
    "c",
    "a",
    "a",
  ]);
});

test("filters that are empty do not narrow", () => {
  assert.deepEqual(filterBody({ ...FILTERS, state: "" }, "best", 0).states, []);
  assert.deepEqual(filterBody({ ...FILTERS, band: "strong", assigned: " li " }, "oldest", 50), {
    states: ["open"],
    bands: ["strong"],
    list: "",
    feed: "",
    run: "",
    assigned: "li",
    new_since: null,
    order: "oldest",
    limit: 100,
    offset: 50,
  });
  assert.deepEqual([narrowed(FILTERS), narrowed({ ...FILTERS, list: "un" })], [false, true]);
});

test("a page more brings no lead twice", () => {
  const leads = joined([row("a"), row("b")], [row("b", { state: "cleared" }), row("c")]);
  assert.equal(ids(leads), "abc");
  assert.equal(leads[1]?.state, "cleared");
});

test("a change is told in the queue, also of the leads that went along", () => {
  const seen = { revision: 2, updated_at: "now" };
  const lead = { lead: "a", state: "cleared", state_label: "cleared", outcomes: [], notes: [], seen } as unknown as Lead;
  const leads = told([row("a"), row("b"), row("c")], lead, ["a", "c"]);
  assert.deepEqual(
    leads.map((item) => item.state),
    ["cleared", "open", "cleared"],
  );
  assert.deepEqual(leads[0]?.seen, seen);
});

test("the age of a lead is counted in days", () => {
  assert.equal(ageOf(row("a", { opened_at: "2026-11-20T10:00:00+00:00" }), "2026-11-26"), 6);
});

test("what is typed is kept by lead and act until it is sent or thrown away", () => {
  const key = draftKey("L-1", "confirm");
  let drafts = typed(new Map(), key, { same_person: true });
  drafts = typed(drafts, key, { reason: "passport seen" });
  drafts = typed(drafts, draftKey("L-2", "note"), { name: "Li", note: " " });
  assert.deepEqual(drafts.get(key), { same_person: true, reason: "passport seen" });
  assert.deepEqual(unsentLeads(drafts), ["L-1"]);
  assert.deepEqual(unsentLeads(without(drafts, key)), []);
});

test("a name that is filled in by itself is nothing to lose, a statement is", () => {
  assert.equal(isUnsent({ name: "Li", to: "li", note: "" }), false);
  assert.equal(isUnsent({ same_person: true }), true);
  assert.equal(isUnsent({ same_person: false }), false);
  assert.equal(isUnsent(undefined), false);
});

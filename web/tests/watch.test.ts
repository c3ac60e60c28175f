import assert from "node:assert/strict";
import { test } from "node:test";

import { ageShare, lastDays, roundUp, runShare, worst } from "../src/watch/figures.ts";

const run = { run: "R", state: "running" as const, rows_done: 50, rows_before: 200 };

test("a list has used part of its age, all of it, or has none", () => {
  assert.equal(ageShare(10, 40), 0.25);
  assert.equal(ageShare(90, 30), 1);
  assert.equal(ageShare(-2, 30), 0);
  assert.equal(ageShare(null, 30), null);
  assert.equal(ageShare(10, null), null);
});

test("a run is never told to be done before it is", () => {
  assert.equal(runShare(run), 0.25);
  assert.equal(runShare({ ...run, rows_done: 900 }), 0.99);
  assert.equal(runShare({ ...run, rows_before: 0 }), null);
});

test("the last days end today and leave none out, over a month and a change of the clocks", () => {
  const days = lastDays(40, new Date(2026, 3, 3));
  assert.equal(days.length, 40);
  assert.equal(days.at(-1), "2026-04-03");
  assert.equal(new Set(days).size, 40);
  assert.deepEqual([...days].sort(), days);
});

test("the worst of a day is told, and nothing of a day without any", () => {
  assert.equal(worst(["done", "failed"], ["failed", "done"]), "failed");
  assert.equal(worst([], ["failed"]), undefined);
});

test("a scale ends at a round number that is not below what it shows", () => {
  assert.deepEqual([0, 1, 3, 7, 10, 11, 51, 200].map(roundUp), [1, 1, 5, 10, 10, 20, 100, 200]);
});

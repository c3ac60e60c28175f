import assert from "node:assert/strict";
import { test } from "node:test";

import { type Action, actionOf, actions, chordOf, fits, isPlain, offer, run, search } from "../src/actions.ts";

const pressed = (key: string, ...held: string[]) => ({
  key,
  ctrlKey: held.includes("ctrl"),
  metaKey: held.includes("meta"),
  altKey: held.includes("alt"),
  shiftKey: held.includes("shift"),
});

const action = (id: string, more: Partial<Action> = {}): Action => ({ id, words: id, group: "g", run: () => {}, ...more });

test("a chord is named the same whichever way it is pressed", () => {
  assert.equal(chordOf(pressed("k", "ctrl")), "Ctrl+K");
  assert.equal(chordOf(pressed("k", "meta")), "Ctrl+K");
  assert.equal(chordOf(pressed("Z", "ctrl", "shift")), "Ctrl+Shift+Z");
  assert.equal(chordOf(pressed("?", "shift")), "?");
  assert.equal(chordOf(pressed("Delete")), "Delete");
  assert.equal(chordOf(pressed(" ")), "Space");
  assert.equal(chordOf(pressed("H", "shift")), "Shift+H");
});

test("keys that somebody could be typing are plain, chords and named keys are not", () => {
  assert.ok(isPlain("?") && isPlain("E") && isPlain("Shift+H") && isPlain("Space"));
  assert.ok(!isPlain("Ctrl+K") && !isPlain("Alt+1") && !isPlain("Delete") && !isPlain("Escape"));
});

test("what is offered is there until it is taken back, the later of two with one id", () => {
  const first = offer(action("a", { keys: "A" }), action("b"));
  const second = offer(action("a", { keys: "X" }));
  assert.deepEqual(actions.value.map(({ id, keys }) => [id, keys]), [["a", "X"], ["b", undefined]]);
  second();
  assert.equal(actions.value[0]?.keys, "A");
  first();
  assert.equal(actions.value.length, 0);
});

test("what cannot be done now is not run and no key leads to it", () => {
  let ran = 0;
  const barred = action("a", { keys: "A", run: () => (ran += 1), why: () => "no-case" });
  const free = action("b", { keys: "A", run: () => (ran += 1) });
  assert.equal(run(barred), false);
  assert.equal(ran, 0);
  assert.equal(actionOf("A", [free, barred])?.id, "b");
  assert.equal(actionOf("B", [free]), undefined);
});

test("a name answers to its letters in order, best where they stand together or begin words", () => {
  assert.equal(fits("xyz", "Undo"), 0);
  assert.ok(fits("undo", "Undo") > fits("uno", "Undo"));
  assert.ok(fits("eg", "Export GEXF") > fits("eg", "Menu bring"));
  assert.ok(fits("同住", "谁曾在此同住？") > 0);
  const found = search("exp png", [action("Export as SVG"), action("Export as PNG"), action("Pin")], ({ words }) => words);
  assert.deepEqual(found.map(({ id }) => id), ["Export as PNG"]);
  assert.equal(search("", [action("a"), action("b")], ({ words }) => words).length, 2);
});

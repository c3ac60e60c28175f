// The canvas of the graph browser without a screen: its state and past, what of it is seen, differences, layouts, keys.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { apart, bows, changed } from "../src/graph/differences.ts";
import { lastDay, stood } from "../src/graph/filtering.ts";
import { next, rectangle, within } from "../src/graph/geometry.ts";
import { History, type Step } from "../src/graph/history.ts";
import { actOf } from "../src/graph/keys.ts";
import { type Layout, lay } from "../src/graph/laying.ts";
import type { Plan } from "../src/graph/layouts.ts";
import { type Answer, edgeId } from "../src/graph/model.ts";
import { spread } from "../src/graph/spread.ts";
import * as state from "../src/graph/state.ts";
import { contrast, readable } from "../src/graph/styling.ts";
import { isRightToLeft, shortened } from "../src/graph/text.ts";

const stated = (fact: boolean, from: string | null = null, to: string | null = null) => [
  { source: "s", fact, from, to, note: "" },
];
const node = (key: string, kind = "Phone", fact = true) => ({ key, kind, label: `label ${key}`, fact, provenance: stated(fact) });
const edge = (start: string, end: string, kind = "uses-phone", fact = true, from: string | null = null, to: string | null = null) => ({
  kind,
  start,
  end,
  fact,
  provenance: stated(fact, from, to),
});
const answer = (keys: string, edges: Answer["edges"] = []): Answer => ({
  nodes: [...keys].map((key) => node(key)),
  edges,
  truncated: false,
});
const keys = (): string => [...state.nodes.value.keys()].sort().join("");
const seen = (): string => [...state.visible.value.nodes].sort().join("");

beforeEach(() => {
  state.clear();
  state.assessments.value = false;
});

test("every change is one step, undone and redone in order", () => {
  state.add(answer("abc", [edge("a", "b")]));
  state.hide(["c"]);
  state.pin(["a"]);
  state.annotate("b", { note: "look again" });
  state.remove(["b"]);
  assert.equal(keys(), "ac");
  assert.equal(state.edges.value.size, 0);
  state.undo();
  assert.equal(state.notes.value.get("b")?.note, "look again");
  assert.equal(state.edges.value.size, 1);
  state.undo();
  state.undo();
  assert.equal(state.pinned.value.size, 0);
  state.undo();
  assert.equal(state.hidden.value.size, 0);
  state.undo();
  assert.equal(keys(), "");
  assert.equal(state.canUndo.value, false);
  for (let step = 0; step < 5; step += 1) state.redo();
  assert.equal(state.canRedo.value, false);
  assert.equal(keys(), "ac");
  assert.deepEqual([...state.hidden.value], ["c"]);
});

test("what changes nothing is no step", () => {
  state.add(answer("ab"));
  state.add(answer("ab"));
  state.hide(["x"]);
  state.annotate("a", { note: "" });
  state.undo();
  assert.equal(state.canUndo.value, false);
});

test("a change after an undo leaves nothing to redo", () => {
  state.add(answer("a"));
  state.add(answer("b"));
  state.undo();
  state.add(answer("c"));
  assert.equal(state.canRedo.value, false);
  assert.equal(keys(), "ac");
});

test("the past is bounded by steps and by changes", () => {
  const step = (count: number): Step => ({
    pinned: new Map(Array.from({ length: count }, (_, at) => [`${at}`, { before: undefined, after: true as const }])),
  });
  const short = new History(3, 1000);
  for (let at = 0; at < 5; at += 1) short.push(step(1));
  assert.deepEqual([short.undo(), short.undo(), short.undo(), short.undo()].map(Boolean), [true, true, true, false]);
  const small = new History(100, 10);
  for (let at = 0; at < 5; at += 1) small.push(step(4));
  assert.deepEqual([small.undo(), small.undo(), small.undo()].map(Boolean), [true, true, false]);
});

test("a layout of what has come is a part of its step", () => {
  state.add(answer("ab", [edge("a", "b")]));
  state.move(new Map([["a", { x: 5, y: 6 }]]), state.lastStep());
  assert.deepEqual(state.places.value.get("a"), { x: 5, y: 6 });
  state.undo();
  assert.equal(keys(), "");
  state.redo();
  assert.deepEqual(state.places.value.get("a"), { x: 5, y: 6 });
});

test("a layout that comes after the next step is none: an undo takes back what was done by hand", () => {
  state.add(answer("abc", [edge("a", "b"), edge("a", "c")]));
  const brought = state.lastStep();
  const before = state.places.value.get("a");
  state.remove(["b"]);
  state.move(new Map([["a", { x: 5, y: 6 }]]), brought);
  assert.deepEqual(state.places.value.get("a"), { x: 5, y: 6 });
  state.undo();
  assert.equal(keys(), "abc");
  assert.deepEqual(state.places.value.get("a"), before);
  state.redo();
  assert.equal(keys(), "ac");
  assert.deepEqual(state.places.value.get("a"), { x: 5, y: 6 });
});

test("a layout of what was taken back moves nothing, and it can still be brought again", () => {
  state.add(answer("a"));
  state.add(answer("bc", [edge("a", "b")]), "a");
  const brought = state.lastStep();
  const before = state.places.value.get("a");
  state.undo();
  state.move(new Map([["a", { x: 5, y: 6 }]]), brought);
  assert.deepEqual(state.places.value.get("a"), before);
  state.redo();
  assert.equal(keys(), "abc");
});

test("a step shares what it leaves alone", () => {
  state.add(answer("ab", [edge("a", "b")]));
  const [nodes, edges] = [state.sheet.value.nodes, state.sheet.value.edges];
  state.pin(["a"]);
  assert.equal(state.sheet.value.nodes, nodes);
  assert.equal(state.sheet.value.edges, edges);
});

test("the second answer adds what it states and loses nothing of the first", () => {
  state.add({ nodes: [node("a", "Subject", false)], edges: [], truncated: false });
  state.add({ nodes: [{ ...node("a", "Subject"), provenance: stated(true, "2024-01-01") }], edges: [], truncated: false });
  const held = state.nodes.value.get("a");
  assert.equal(held?.fact, true);
  assert.equal(held?.provenance.length, 2);
});

test("collapse takes what hangs on a node alone, and nothing that was asked for, pinned or noted", () => {
  const links = [edge("a", "b"), edge("a", "c"), edge("c", "d"), edge("a", "e"), edge("a", "f"), edge("f", "g"), edge("g", "a")];
  state.add(answer("abcdefg", links), undefined, ["e"]);
  state.collapse("a");
  assert.equal(keys(), "acde"); // c holds d; f and g hang on a and each other
});

test("filters hide and forget nothing", () => {
  state.add({
    nodes: [node("a", "Subject"), node("b"), node("c", "Address")],
    edges: [edge("a", "b"), edge("a", "c", "resided-at")],
    truncated: false,
  });
  state.filters.value = { kinds: new Set(["Address"]), links: new Set(["uses-phone"]), text: "" };
  assert.equal(seen(), "ab");
  assert.equal(state.visible.value.edges.size, 0);
  state.filters.value = { kinds: new Set(), links: new Set(), text: " LABEL B" };
  assert.equal(seen(), "b");
  state.filters.value = { kinds: new Set(), links: new Set(), text: "" };
  assert.equal(seen(), "abc");
  assert.equal(state.visible.value.edges.size, 2);
});

test("assessments are not seen until asked for, but those of an answer that is emphasised are", () => {
  const id = edgeId("uses-phone", "a", "b");
  state.add({ nodes: [node("a"), node("b"), node("s", "Subject", false)], edges: [edge("a", "b", "uses-phone", false)], truncated: false });
  assert.equal(seen(), "ab");
  assert.equal(state.visible.value.edges.size, 0);
  state.emphasis.value = new Set([id]);
  assert.deepEqual([...state.visible.value.edges], [id]);
  state.emphasis.value = new Set();
  state.markAsked(["s"]);
  assert.equal(seen(), "abs");
  state.assessments.value = true;
  assert.equal(state.visible.value.edges.size, 1);
});

test("in a time window who has links, and none then, is not there", () => {
  state.add(answer("abcu", [edge("a", "u", "stayed-at", true, "2021-01-01", "2021-06-30"), edge("b", "u", "stayed-at", true, "2023-01-01")]));
  state.period.value = { from: "2021-02-01", to: "2021-03-01" };
  assert.equal(seen(), "acu"); // c has no links at all
  state.period.value = { from: "2024-01-01", to: "2024-02-01" };
  assert.equal(seen(), "bcu"); // a stay without an end goes on
  state.period.value = null;
});

test("a year or a month alone counts to its last day; without a day a link stood always", () => {
  assert.equal(lastDay("2021"), "2021-12-31");
  assert.ok(stood(stated(true, null, "2021"), { from: "2021-12-01", to: "2022-01-01" }));
  assert.ok(!stood(stated(true, null, "2021-10"), { from: "2021-12-01", to: "2022-01-01" }));
  assert.ok(stood(stated(true), { from: "1990-01-01", to: "1990-01-02" }));
});

test("a view is restored as it was, in one step", () => {
  state.add(answer("abc", [edge("a", "b")]));
  state.move(new Map([["a", { x: 40, y: -7 }]]));
  state.pin(["a"]);
  state.hide(["c"]);
  const view = state.snapshot();
  const records = answer("abcz", [edge("a", "b"), edge("a", "z")]);
  state.add(answer("xy"));
  state.restore(view, records);
  assert.equal(keys(), "abc");
  assert.deepEqual(state.snapshot(), view);
  state.undo();
  assert.equal(keys(), "abcxy");
});

test("new nodes begin beside what brought them", () => {
  state.add(answer("a"));
  state.move(new Map([["a", { x: 4000, y: 4000 }]]));
  state.add(answer("abcd", [edge("a", "b"), edge("a", "c"), edge("a", "d")]), "a");
  for (const key of "bcd") {
    const place = state.places.value.get(key);
    assert.ok(place && Math.hypot(place.x - 4000, place.y - 4000) < 400);
  }
});

test("differences between two sheets are told by key", () => {
  const before = new Map([["a", 1], ["b", 2], ["c", 3]]);
  const after = new Map([["b", 2], ["c", 4], ["d", 5]]);
  assert.deepEqual(changed(before, after), { came: ["d"], went: ["a"], changed: ["c"] });
  assert.deepEqual(changed(before, before), { came: [], went: [], changed: [] });
  assert.deepEqual(apart(new Set("ab"), new Set("bc")).sort(), ["a", "c"]);
});

test("links between the same two nodes stand apart, a lone one is straight", () => {
  const made = (start: string, end: string, kind: string) => ({ ...edge(start, end, kind), id: edgeId(kind, start, end) });
  const [one, other, lone] = [made("a", "b", "x"), made("b", "a", "y"), made("a", "c", "x")];
  const found = bows([one, other, lone], 10);
  assert.equal(found.get(lone.id), 0);
  // Measured along each link's own way, so that opposite links with the same sign lie on opposite sides.
  assert.equal(found.get(one.id), found.get(other.id));
  assert.notEqual(found.get(one.id), 0);
});

function plan(count: number): Plan {
  const kinds = ["Address", "RentalUnit", "Subject", "Phone"];
  const points = Array.from({ length: count }, (_, at) => {
    const key = String(at).padStart(4, "0");
    return { key, kind: kinds[at % 4] as string, label: `name ${key}`, x: (at * 37) % 900, y: (at * 91) % 700, fixed: at === 5 };
  });
  const links = points.slice(1, -3).map((_, at): [number, number, string] => [Math.floor(at / 3), at + 1, "x"]);
  return { points, links, roots: [0] };
}

for (const layout of ["force", "hierarchical", "circular", "places", "settle"] as Layout[]) {
  test(`the layout ${layout} is the same each time, leaves fixed nodes and no two signs upon each other`, () => {
    const [asked, again] = [plan(90), plan(90)];
    const spots = lay(layout, asked);
    assert.deepEqual(lay(layout, again), spots);
    assert.deepEqual([spots[10], spots[11]], [asked.points[5]?.x, asked.points[5]?.y]);
    for (let one = 0; one < 90; one += 1) {
      assert.ok(Number.isFinite(spots[one * 2]) && Number.isFinite(spots[one * 2 + 1]));
      for (let other = 0; other < one; other += 1) {
        const [dx, dy] = [spots[one * 2]! - spots[other * 2]!, spots[one * 2 + 1]! - spots[other * 2 + 1]!];
        assert.ok(Math.abs(dx) > 24 || Math.abs(dy) > 24, `${layout}: ${one} and ${other}`);
      }
    }
  });
}

test("boxes are taken off each other and a fixed one stays", () => {
  const boxes = [0, 1, 2].map((at) => ({ x: at, y: 0, width: 40, height: 20, fixed: at === 0 }));
  spread(boxes);
  assert.deepEqual([boxes[0]?.x, boxes[0]?.y], [0, 0]);
  for (const [one, other] of [[0, 1], [0, 2], [1, 2]] as const) {
    const [a, b] = [boxes[one]!, boxes[other]!];
    assert.ok(Math.abs(a.x - b.x) >= 39 || Math.abs(a.y - b.y) >= 19);
  }
});

test("a lasso holds what lies within, also where it bends", () => {
  const bent = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 5, y: 2 }, { x: 0, y: 10 }];
  assert.ok(within(bent, { x: 1, y: 5 }));
  assert.ok(!within(bent, { x: 5, y: 8 }));
  assert.ok(within(rectangle({ x: 9, y: 9 }, { x: 1, y: 1 }), { x: 5, y: 5 }));
});

test("an arrow goes to the nearest node in its direction", () => {
  const spots = [["far", { x: 90, y: 0 }], ["near", { x: 30, y: 5 }], ["aside", { x: 10, y: 60 }], ["left", { x: -20, y: 0 }]] as const;
  assert.equal(next({ x: 0, y: 0 }, "right", spots), "near");
  assert.equal(next({ x: 0, y: 0 }, "left", spots), "left");
  assert.equal(next({ x: 0, y: 0 }, "down", spots), "aside");
  assert.equal(next({ x: 0, y: 0 }, "up", spots), null);
});

test("keys do what they say, and Tab leaves the canvas", () => {
  const press = (key: string, held: Partial<Record<"ctrlKey" | "shiftKey" | "altKey" | "metaKey", boolean>> = {}) =>
    actOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });
  assert.deepEqual(press("ArrowLeft"), { act: "step", to: "left" });
  assert.deepEqual(press("Enter"), { act: "expand" });
  assert.deepEqual(press("z", { ctrlKey: true }), { act: "undo" });
  assert.deepEqual(press("Z", { ctrlKey: true, shiftKey: true }), { act: "redo" });
  assert.deepEqual(press("F10", { shiftKey: true }), { act: "menu" });
  assert.equal(press("Tab"), null);
  assert.equal(press("h", { altKey: true }), null);
});

test("colours stand out from light and from dark ground", () => {
  for (const ground of ["#ffffff", "#16181c"]) {
    for (const colour of ["#222222", "#56b4e9", "#d0021b", "#9aa5a0"]) {
      assert.ok(contrast(readable(colour, ground), ground) >= 3);
    }
  }
  assert.equal(readable("#0072b2", "#ffffff"), "#0072b2");
});

test("long labels are shortened by their room, and right-to-left is told by the first letter", () => {
  assert.equal(shortened("short"), "short");
  assert.ok([...shortened("阿".repeat(40))].length < 20);
  assert.ok(shortened("x".repeat(40)).endsWith("…"));
  assert.ok(isRightToLeft("1. محمد"));
  assert.ok(!isRightToLeft("Ahmad محمد"));
});

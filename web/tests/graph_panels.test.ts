import assert from "node:assert/strict";
import { test } from "node:test";

import type { Analysis, Changes } from "../src/graph/calls.ts";
import type { GNode, Stated } from "../src/graph/model.ts";
import { NO_BOUNDS, asksOf, boundsOf, sent, whyNot } from "../src/graph/panels/asking.ts";
import { columnsOf, datesOf, keysOfRow, sorted, sourcesOf, toldApart, windowOf } from "../src/graph/panels/rows.ts";
import { isQuiet, marked, seal } from "../src/graph/panels/viewing.ts";

const analysis = (name: string, more: Partial<Analysis> = {}): Analysis => ({
  name,
  question: "",
  fewest: 1,
  most: null,
  case: false,
  hops: 2,
  free_hops: null,
  dated: false,
  imported: true,
  imported_edges: false,
  ...more,
});
const ready = { chosen: 1, authority: true, case: false, imported: false, bounds: NO_BOUNDS };
const stated = (from: string | null, to: string | null, source = "s"): Stated => ({ source, fact: true, from, to, note: "" });

test("an analysis says what it lacks: authority, a case, nodes, a day", () => {
  assert.equal(whyNot(analysis("aliases"), ready), "");
  assert.equal(whyNot(analysis("aliases"), { ...ready, authority: false }), "authority");
  assert.equal(whyNot(analysis("expand", { case: true }), ready), "case");
  assert.equal(whyNot(analysis("expand", { case: true }), { ...ready, case: true }), "");
  assert.equal(whyNot(analysis("aliases"), { ...ready, chosen: 0 }), "one");
  assert.equal(whyNot(analysis("common", { fewest: 2 }), ready), "two");
  assert.equal(whyNot(analysis("hubs", { fewest: 0, case: true }), { ...ready, chosen: 0, case: true }), "");
  assert.equal(whyNot(analysis("neighbours", { most: 1 }), { ...ready, chosen: 2 }), "only-one");
  const since = analysis("new-since", { dated: true, hops: 1, free_hops: 1 });
  assert.equal(whyNot(since, ready), "day");
  assert.equal(whyNot(since, { ...ready, bounds: { ...NO_BOUNDS, from: "2024-01-01" } }), "");
  assert.equal(whyNot(since, { ...ready, bounds: { ...NO_BOUNDS, from: "2024-01-01", hops: 2 } }), "hops");
  assert.equal(whyNot(analysis("hubs", { imported: false }), { ...ready, imported: true }), "imported");
  assert.equal(whyNot(analysis("shared-phone", { imported_edges: true }), { ...ready, imported: true }), "edges");
});

test("paths are asked between each two of the nodes chosen, up to five", () => {
  const paths = analysis("paths", { fewest: 2, most: 2 });
  assert.deepEqual(asksOf(paths, ["a", "b", "c"]), [["a", "b"], ["a", "c"], ["b", "c"]]);
  assert.deepEqual(asksOf(analysis("common", { fewest: 2 }), ["a", "b", "c"]), [["a", "b", "c"]]);
  assert.equal(whyNot(paths, { ...ready, chosen: 5 }), "");
  assert.equal(whyNot(paths, { ...ready, chosen: 6 }), "many");
});

test("bounds that an analysis does not know are not sent", () => {
  const stated = { ...NO_BOUNDS, hops: 4, max_links: 50, from: "2024-01-01" };
  assert.deepEqual(sent(analysis("aliases"), stated), { ...NO_BOUNDS, from: "2024-01-01" });
  assert.deepEqual(sent(analysis("expand"), stated), stated);
  assert.ok(!boundsOf(analysis("common")).includes("hops"));
});

test("rows are sorted as numbers and as people sort texts, empty ones last both ways", () => {
  const rows = [{ a: "Unit 10" }, { a: "" }, { a: "Unit 9" }, { a: "unit 1" }];
  assert.deepEqual(sorted(rows, (row) => row.a, false).map((row) => row.a), ["unit 1", "Unit 9", "Unit 10", ""]);
  assert.deepEqual(sorted(rows, (row) => row.a, true).map((row) => row.a), ["Unit 10", "Unit 9", "unit 1", ""]);
  assert.deepEqual(sorted([10, 9, 100], (row) => row, false), [9, 10, 100]);
});

test("of a long table only what is in sight is drawn", () => {
  assert.deepEqual(windowOf(5000, 28, 0, 280, 8), { first: 0, end: 18 });
  assert.deepEqual(windowOf(5000, 28, 28_000, 280, 8), { first: 992, end: 1018 });
  assert.deepEqual(windowOf(3, 28, 28_000, 280), { first: 3, end: 3 });
  const { first, end } = windowOf(5000, 28, 5000 * 28, 280);
  assert.ok(end === 5000 && first < 5000);
});

test("dates of many statements: the first day, and a last one only where all have ended", () => {
  assert.deepEqual(datesOf([stated("2021", "2022"), stated("2020-05-01", "2023-01-01")]), { from: "2020-05-01", to: "2023-01-01" });
  assert.deepEqual(datesOf([stated("2021", "2022"), stated("2020-05-01", null)]), { from: "2020-05-01", to: "" });
  assert.deepEqual(datesOf([stated(null, null)]), { from: "", to: "" });
  assert.equal(sourcesOf([stated(null, null, "x"), stated(null, null, "y"), stated("1", null, "x")]), "x; y");
});

test("a row chooses the nodes it is about, by key or by a name that one node alone bears", () => {
  const node = (key: string, label: string): GNode => ({ key, kind: "Subject", label, fact: true, provenance: [] });
  const nodes = [node("1", "Ann"), node("2", "Bob"), node("3", "Bob"), node("4", "Flat 2")];
  assert.deepEqual(keysOfRow({ one: "Ann", other: "Bob", unit: "Flat 2" }, nodes), ["1", "4"]);
  assert.deepEqual(keysOfRow({ key: "2", label: "Bob" }, nodes), ["2"]);
  assert.deepEqual(keysOfRow({ keys: ["1", "4", "2"], path: "…" }, nodes), ["1", "4", "2"]);
  assert.deepEqual(columnsOf([{ hops: 1, keys: [], sentence: "", key: "k", label: "l", fact: true }]), ["hops", "label"]);
});

const view = () => ({
  positions: { a: [1, 2], b: [3, 4] } as Record<string, [number, number]>,
  edges: [["k", "a", "b"]] as [string, string, string][],
  hidden: ["a", "b"],
  pinned: [],
  notes: { a: { label: "x", note: "", mark: "" } },
  filters: { kinds: ["Phone"], links: [], text: "" },
  period: null,
  assessments: false,
  styling: "kind",
});

test("a view is unsaved when what it shows differs, not when it is told in another order", () => {
  const same = { ...view(), hidden: ["b", "a"], positions: { b: [3.2, 4], a: [1, 2] } as Record<string, [number, number]> };
  assert.equal(seal(view()), seal(same));
  assert.notEqual(seal(view()), seal({ ...view(), hidden: ["a"] }));
  assert.notEqual(seal(view()), seal({ ...view(), notes: { a: { label: "x", note: "y", mark: "" } } }));
  assert.notEqual(seal(view()), seal({ ...view(), positions: { a: [1, 2], b: [30, 4] } }));
  assert.notEqual(seal(view()), seal({ ...view(), period: { from: "2024-01-01", to: "2024-02-01" } }));
});

test("changes mark what is new or changed, and are quiet where nothing is", () => {
  const none: Changes = {
    view: "V-1",
    since: null,
    new: { nodes: [], edges: [] },
    changed: { nodes: [], edges: [] },
    gone: { nodes: [], edges: [], links: 0 },
    truncated: false,
    banners: [],
    consultation: "C-1",
  };
  assert.ok(isQuiet(none));
  assert.ok(!isQuiet({ ...none, gone: { nodes: [], edges: [], links: 1 } }));
  const edge = { kind: "k", start: "a", end: "b", fact: true, provenance: [] };
  const node: GNode = { key: "n", kind: "Phone", label: "", fact: true, provenance: [] };
  assert.deepEqual([...marked({ ...none, new: { nodes: [node], edges: [edge] } })], ["n", '["k","a","b"]']);
});

test("two kinds of one word are told apart by the kind", () => {
  const word = (kind: string) => (kind.startsWith("uses") ? "uses" : kind);
  const apart = toldApart(["uses-phone", "uses-email", "owns", "owns"], word);
  assert.deepEqual(["uses-phone", "owns"].map(apart), ["uses (uses-phone)", "owns"]);
});

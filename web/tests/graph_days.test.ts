import assert from "node:assert/strict";
import { test } from "node:test";

import { dayNumber, density, extent, isoDay, spanOf, spansOf, ticks } from "../src/graph/panels/days.ts";
import { clipped, frame, lanesOf, staysOf } from "../src/graph/panels/lanes.ts";
import { type GEdge, type GNode, type Stated, edgeId, linksAt } from "../src/graph/model.ts";

const stated = (from: string | null, to: string | null, source = "s"): Stated => ({ source, fact: true, from, to, note: "" });
const edge = (kind: string, start: string, end: string, ...provenance: Stated[]): GEdge => ({
  id: edgeId(kind, start, end),
  kind,
  start,
  end,
  fact: true,
  provenance,
});
const node = (key: string, kind = "Subject", label = key): GNode => ({ key, kind, label, fact: true, provenance: [] });

test("days are numbers and come back as they were, leap days and early years too", () => {
  for (const day of ["1970-01-01", "2024-02-29", "1899-12-31", "0070-05-05", "2100-03-01"]) assert.equal(isoDay(dayNumber(day)), day);
  assert.equal(dayNumber("2021-03-02") - dayNumber("2021-02-28"), 2);
  assert.equal(isoDay(dayNumber("2021")), "2021-01-01");
  assert.equal(isoDay(dayNumber("2023-02-30")), "2023-02-28");
  assert.ok(Number.isNaN(dayNumber("yesterday")) && Number.isNaN(dayNumber("")));
});

test("a last day may be a month or a year, and none that is given is open", () => {
  assert.deepEqual(spanOf(stated("2021-03", "2021-04")), { from: dayNumber("2021-03-01"), to: dayNumber("2021-04-30") });
  assert.deepEqual(spanOf(stated("2021-03-05", null)), { from: dayNumber("2021-03-05"), to: null });
  assert.deepEqual(spanOf(stated("2021-03-05", "9999-12-31")), { from: dayNumber("2021-03-05"), to: null });
  assert.equal(spanOf(stated(null, null)), null);
  assert.equal(spansOf(edge("stayed-at", "a", "u", stated("2021", "2022"), stated("2021", "2022", "t"))).length, 1);
});

test("the extent reaches over all that is dated", () => {
  const found = extent([edge("k", "a", "b", stated("2020-01-01", null)), edge("k", "b", "c", stated(null, "2022-06-30"))]);
  assert.deepEqual(found, { from: dayNumber("2020-01-01"), to: dayNumber("2022-06-30") });
  assert.equal(extent([edge("k", "a", "b", stated(null, null))]), null);
});

test("a link counts once in each part in which it stands", () => {
  const [from, to] = [0, 99];
  const own = edge("k", "a", "b", stated(isoDay(10), isoDay(29)), stated(isoDay(15), isoDay(19)));
  assert.deepEqual(density([own], from, to, 10), [0, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  const open = edge("k", "a", "b", stated(isoDay(80), null));
  assert.deepEqual(density([own, open], from, to, 10), [0, 1, 1, 0, 0, 0, 0, 0, 1, 1]);
});

test("ticks are days, months or years, never more than there is room for", () => {
  const texts = (from: string, to: string, most: number) => ticks(dayNumber(from), dayNumber(to), most).map((tick) => tick.text);
  assert.deepEqual(texts("2021-03-01", "2021-03-03", 5), ["2021-03-01", "2021-03-02", "2021-03-03"]);
  assert.deepEqual(texts("2021-02-10", "2021-05-20", 5), ["2021-03", "2021-04", "2021-05"]);
  assert.deepEqual(texts("1999-06-01", "2011-06-01", 5), ["2000", "2005", "2010"]);
  for (const to of ["2021-01-09", "2021-12-31", "2060-01-01", "2900-01-01"]) {
    for (const most of [2, 4, 9]) assert.ok(ticks(dayNumber("2021-01-01"), dayNumber(to), most).length <= most);
  }
});

test("bars of one time stand below each other, of different times in one row", () => {
  const edges = [
    edge("stayed-at", "a", "u", stated("2020-01-01", "2020-06-30")),
    edge("stayed-at", "a", "v", stated("2020-03-01", "2020-12-31")),
    edge("stayed-at", "a", "w", stated("2021-01-01", null)),
    edge("uses-phone", "a", "p", stated(null, null)),
  ];
  const [lane] = lanesOf([node("a"), node("p", "Phone")], linksAt(edges), new Set(edges.map(({ id }) => id)), "first");
  assert.deepEqual(lane?.bars.map(({ other, row }) => [other, row]), [["u", 0], ["v", 1], ["w", 0]]);
  assert.equal(lane?.rows, 2);
});

test("lanes are sorted by first day, name or kind, and hold only what is seen", () => {
  const edges = [edge("k", "a", "x", stated("2022", null)), edge("k", "b", "x", stated("2020", null)), edge("k", "c", "x", stated("2021", null))];
  const nodes = [node("a", "Entry", "Z"), node("b", "Subject", "Y"), node("c", "Contact", "X")];
  const order = (how: "first" | "name" | "kind", seen = edges) =>
    lanesOf(nodes, linksAt(edges), new Set(seen.map(({ id }) => id)), how).map(({ key }) => key).join("");
  assert.equal(order("first"), "bca");
  assert.equal(order("name"), "cba");
  assert.equal(order("kind"), "cab");
  assert.equal(order("first", edges.slice(1)), "bc");
});

test("who was where is told of dated stays that are seen, the earliest first", () => {
  const edges = [edge("stayed-at", "b", "u", stated("2021", null)), edge("stayed-at", "a", "u", stated("2020", null)), edge("unit-in", "u", "h"), edge("stayed-at", "c", "u")];
  const found = staysOf(new Map(edges.map((item) => [item.id, item])), new Set(edges.map(({ id }) => id)));
  assert.deepEqual(found.map(({ person }) => person), ["a", "b"]);
  assert.deepEqual(frame(edges, { from: "2020-01-01", to: "2020-02-01" }), { from: dayNumber("2020-01-01"), to: dayNumber("2020-02-01") });
});

test("a text is cut to the pixels there are, wide signs counting as wide", () => {
  assert.equal(clipped("Flat 3", 100), "Flat 3");
  assert.equal(clipped("Example Street 12", 60), "Example …");
  assert.equal(clipped("虚构省甲城市东区虚构路", 60), "虚构省甲…");
  assert.equal(clipped("Example", 12), "");
});

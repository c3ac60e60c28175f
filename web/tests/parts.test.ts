import assert from "node:assert/strict";
import { test } from "node:test";

import { daysBetween, instant, percent, safeLink, signed } from "../src/parts/format.ts";
import { joinReason, splitReason } from "../src/parts/reason.ts";
import { forAndAgainst, rowsOf, scaleOf } from "../src/parts/rows.ts";
import type { Side, Step } from "../src/parts/shapes.ts";

function step(field: string, millibits: number, start: number): Step {
  const end = start + millibits;
  return { field, label: field, level: "", finding: "", left: "", right: "", note: "", millibits, bits: "", start, end };
}

function side(field: string, left: string, right: string, verdict = "agrees"): Side {
  const spans = (text: string) => (text ? [[{ text, mark: "same" }]] : []);
  return {
    field,
    label: field,
    verdict,
    verdict_label: verdict,
    left: spans(left),
    right: spans(right),
    left_more: [],
    right_more: [],
  };
}

test("bits and probabilities read as in the reports", () => {
  assert.deepEqual([signed(14_200), signed(-40), signed(-5_040)], ["+14.2", "0.0", "−5.0"]);
  assert.deepEqual([percent(0.99997), percent(0.934), percent(0.00001)], ["> 99.9 %", "93.4 %", "< 0.1 %"]);
});

test("days are counted from day to day, whatever the hour", () => {
  assert.equal(daysBetween("2026-11-25T23:59:00+00:00", "2026-11-26"), 1);
  assert.equal(daysBetween("2026-02-28", "2026-03-01"), 1);
  assert.equal(daysBetween("", "2026-03-01"), null);
  assert.equal(daysBetween("never", "2026-03-01"), null);
});

test("an instant is shown in the machine's time zone, and what is none as it stands", () => {
  assert.match(instant("2026-11-26T22:10:03.123456+00:00"), /^2026-11-2[67] \d\d:\d\d$/);
  assert.equal(instant("soon"), "soon");
  assert.equal(instant(null), "");
});

test("only an address that a browser may follow becomes a link", () => {
  assert.equal(safeLink("https://example.org/a?b=1"), "https://example.org/a?b=1");
  for (const text of ["javascript:alert(1)", "data:text/html,x", "//example.org", "https://", " ", "file:///etc/passwd"])
    assert.equal(safeLink(text), "", text);
});

test("a reason is a code and a task, with either colon", () => {
  assert.deepEqual(splitReason("check:2026-7"), { code: "check", task: "2026-7" });
  assert.deepEqual(splitReason("check：2026:7"), { code: "check", task: "2026:7" });
  assert.equal(joinReason("lead", " T-1 "), "lead:T-1");
});

test("every row begins where the one before ended, and what was not compared comes last", () => {
  const steps = [step("prior", -20_000, 0), step("document", 18_000, -20_000), step("name", 9_000, -2_000)];
  const sides = [side("name", "A", "A"), side("phone", "1", "", "only-one"), side("document", "N", "N")];
  const rows = rowsOf(sides, steps);
  assert.deepEqual(
    rows.map((row) => [row.field, row.verdict]),
    [
      ["prior", "prior"],
      ["document", "agrees"],
      ["name", "agrees"],
      ["phone", "only-one"],
    ],
  );
  assert.equal(rows[1]?.side, sides[2]);
  assert.equal(rows[3]?.step, null);
});

test("the comparison of addresses stands with the registered ones where both sides state them", () => {
  const sides = [side("registered-address", "X", "Y"), side("address", "Z", "", "only-one")];
  const rows = rowsOf(sides, [step("address", -1_000, 0)]);
  assert.deepEqual(
    rows.map((row) => [row.side?.field, row.step !== null]),
    [
      ["registered-address", true],
      ["address", false],
    ],
  );
  const alone = rowsOf([side("registered-address", "X", ""), side("address", "Z", "Q")], [step("address", 500, 0)]);
  assert.equal(alone[0]?.side?.field, "address");
});

test("evidence that only a number holds has a row of its own", () => {
  const rows = rowsOf([side("document", "N", "N")], [step("birth-date", 9_000, 0)]);
  assert.deepEqual(
    rows.map((row) => [row.field, row.side === null]),
    [
      ["birth-date", true],
      ["document", false],
    ],
  );
});

test("the scale holds every bar, zero and the floors between 0 and 100, in order", () => {
  const steps = [step("prior", -20_000, 0), step("name", 30_000, -20_000)];
  const place = scaleOf(steps, [{ band: "strong", label: "", millibits: 4_250 }]);
  const places = [-20_000, 0, 4_250, 10_000].map(place);
  assert.deepEqual([...places].sort((a, b) => a - b), places);
  assert.ok((places[0] ?? -1) > 0 && (places[3] ?? 101) < 100);
});

test("what speaks for and against adds up to the sum", () => {
  const steps = [step("prior", -20_000, 0), step("name", 9_000, -20_000), step("sex", -3_000, -11_000)];
  const sums = forAndAgainst(steps);
  assert.deepEqual(sums, { prior: -20_000, for: 9_000, against: -3_000 });
  assert.equal(sums.prior + sums.for + sums.against, steps.at(-1)?.end);
});

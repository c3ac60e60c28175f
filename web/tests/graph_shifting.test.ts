import assert from "node:assert/strict";
import test from "node:test";

import type { View } from "../src/graph/names.ts";
import { MARGIN, covers, isStill, joined, patch, shiftOf, widened } from "../src/graph/shifting.ts";

const VIEW: View = { scale: 0.5, left: 100, top: 50, width: 1000, height: 600, pixelRatio: 1 };
const shown = (more: { margin?: number; whole?: boolean } = {}) => ({ view: VIEW, margin: MARGIN, whole: false, ...more });

/** Where a point of the plane is on the stage: drawn by the first view, then moved with the canvas. */
function moved(x: number, now: View): number {
  const shift = shiftOf(VIEW, now);
  assert.ok(shift);
  return (x * VIEW.scale + VIEW.left + MARGIN) * shift.scale + shift.x - MARGIN;
}

test("a picture is moved to where it would be drawn", () => {
  assert.ok(isStill(shiftOf(VIEW, VIEW)!));
  const aside = { ...VIEW, left: 137, top: 20 };
  assert.deepEqual(shiftOf(VIEW, aside), { x: 37, y: -30, scale: 1 });
  assert.equal(moved(40, aside), 40 * aside.scale + aside.left);
  const nearer = { ...VIEW, scale: 0.7, left: -20 };
  assert.ok(Math.abs(moved(40, nearer) - (40 * nearer.scale + nearer.left)) < 1e-9);
});

test("it is moved by whole pixels of the screen, and not at all where the stage has another size", () => {
  assert.equal(shiftOf(VIEW, { ...VIEW, left: 103.4 })?.x, 3);
  const fine = { ...VIEW, pixelRatio: 2 };
  assert.equal(shiftOf(fine, { ...fine, left: 103.4 })?.x, 3.5);
  assert.equal(shiftOf(VIEW, { ...VIEW, width: 999 }), null);
  assert.equal(shiftOf(VIEW, fine), null);
});

test("it serves as far as it reaches, or anywhere where all is on it", () => {
  const at = (left: number, scale = VIEW.scale) => shiftOf(VIEW, { ...VIEW, left, scale })!;
  assert.ok(covers(shown(), at(100 + MARGIN)));
  assert.ok(covers(shown(), at(100 - MARGIN)));
  assert.ok(!covers(shown(), at(101 + MARGIN)));
  assert.ok(!covers(shown({ margin: 0 }), at(101)));
  assert.ok(covers(shown({ margin: 0, whole: true }), at(900)));
  assert.ok(!covers(shown({ whole: true }), at(100, 0.2)), "too coarse");
  assert.ok(!covers(shown({ whole: true }), at(100, 1)), "too coarse");
});

test("the canvas reaches beyond the stage on all sides", () => {
  const wide = widened(VIEW);
  assert.deepEqual([wide.left, wide.width], [VIEW.left + MARGIN, VIEW.width + 2 * MARGIN]);
  assert.deepEqual([wide.top, wide.height], [VIEW.top + MARGIN, VIEW.height + 2 * MARGIN]);
});

test("a part of the plane is drawn anew with its names, or all where that is much", () => {
  const one = { left: 400, top: 300, right: 500, bottom: 400 };
  const found = patch(one, VIEW);
  assert.ok(found);
  const middle = [found.x + found.width / 2, found.y + found.height / 2];
  const [x, y] = [450 * VIEW.scale + VIEW.left, 350 * VIEW.scale + VIEW.top];
  assert.ok(Math.abs((middle[0] as number) - (x + MARGIN)) <= 1);
  assert.ok(Math.abs((middle[1] as number) - (VIEW.height + MARGIN - y)) <= 1, "from the lower end");
  assert.ok(found.width > 50 + 100 && found.height > 50 + 40);
  const both = joined(one, { left: -200, top: -100, right: 0, bottom: 0 });
  assert.deepEqual(both, { left: -200, top: -100, right: 500, bottom: 400 });
  assert.equal(patch({ left: -200, top: -100, right: 1800, bottom: 1100 }, VIEW), null);
});

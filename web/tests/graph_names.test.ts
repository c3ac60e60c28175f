// Where names stand on the canvas: none upon another while there is room elsewhere.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { NameProgram } from "../src/graph/name_program.ts";
import { type Named, drawNames } from "../src/graph/names.ts";

const LETTERING = { size: 10, bold: false, colour: "#000", halo: "#fff" };
const VIEW = { scale: 1, left: 0, top: 0, width: 400, height: 200, pixelRatio: 1 };

// A screen of which only the width of letters is asked.
Object.assign(globalThis, {
  document: {
    createElement: () => ({
      getContext: () => ({ measureText: (text: string) => ({ width: 6 * text.length }), scale() {}, strokeText() {}, fillText() {} }),
    }),
  },
});

const word = (text: string, more: Partial<Named> = {}): Named => ({
  x: 200,
  y: 100,
  radius: 0,
  text,
  longest: 80,
  about: 20,
  lettering: LETTERING,
  forced: false,
  below: false,
  ...more,
});

function drawn(names: readonly Named[], signs: { x: number; y: number; radius: number }[] = []): [number, number][] {
  const put: [number, number][] = [];
  const program = {
    put: ({ width, height }: { width: number; height: number }, left: number, top: number) =>
      put.push([left + width / 2, top + height / 2]),
    draw() {},
  };
  drawNames(program as unknown as NameProgram, VIEW, names, signs);
  return put;
}

const ELSEWHERE = [{ x: 100, y: 100 }, { x: 300, y: 100 }];

test("of two words upon one place the second stands elsewhere, the third further on, and the fourth nowhere", () => {
  const words = ["one", "two", "three", "four"].map((text) => word(text, { elsewhere: ELSEWHERE }));
  assert.deepEqual(drawn(words), [[200, 100], [100, 100], [300, 100]]);
  assert.deepEqual(drawn(words.map((each) => ({ ...each, elsewhere: [] }))), [[200, 100]]);
});

test("a word that is wanted stands elsewhere before it stands upon another, and upon another before it is left out", () => {
  const wanted = word("wanted", { elsewhere: ELSEWHERE, forced: true });
  assert.deepEqual(drawn([word("one"), wanted]), [[200, 100], [100, 100]]);
  const full = [word("one"), ...ELSEWHERE.map((at) => word("other", at))];
  assert.deepEqual(drawn([...full, wanted]).at(-1), [200, 100]);
  assert.equal(drawn([...full, { ...wanted, forced: false }]).length, 3);
});

test("the name of a chosen node stands at its node, whatever is there", () => {
  assert.deepEqual(drawn([word("one"), word("chosen", { forced: true })]), [[200, 100], [200, 100]]);
  assert.deepEqual(drawn([word("sign")], [{ x: 200, y: 100, radius: 10 }]), []);
});

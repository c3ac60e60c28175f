// Where new nodes begin: beside what brought them, on rings that take what is free. The unit is a pixel at zoom 1.

import type { Place } from "./model.ts";

export const GAP = 56; // between neighbours
const MANY = 300;

const FAR = 2 ** 25; // cells from the middle, farther than anything stands
const cell = (x: number, y: number): number => (Math.round(x / GAP) + FAR) * 2 * FAR + Math.round(y / GAP) + FAR;

/** Places for `fresh` keys, in their order, the same for the same question. `anchors`: of each key the nodes it is
 * linked to; the first that has a place is where it begins, else `around`, else the middle. */
export function placed(
  fresh: readonly string[],
  anchors: ReadonlyMap<string, readonly string[]>,
  known: ReadonlyMap<string, Place>,
  around?: string,
): Map<string, Place> {
  if (fresh.length > MANY) return sunflower(fresh, anchors, known);
  const found = new Map<string, Place>();
  const taken = new Set<number>();
  for (const { x, y } of known.values()) taken.add(cell(x, y));
  const at = (key: string | undefined): Place | undefined =>
    key === undefined ? undefined : (found.get(key) ?? known.get(key));
  const turns = new Map<string, number>(); // how far the spiral around an anchor has come
  for (const key of fresh) {
    const anchor = at(around) !== undefined ? around : anchors.get(key)?.find((other) => at(other) !== undefined);
    const near = at(anchor) ?? { x: 0, y: 0 };
    let turn = turns.get(anchor ?? "") ?? (anchor === undefined ? 0 : 4);
    let place = spiral(near, turn);
    for (; taken.has(cell(place.x, place.y)); turn += 1) place = spiral(near, turn);
    turns.set(anchor ?? "", turn);
    taken.add(cell(place.x, place.y));
    found.set(key, place);
  }
  return found;
}

/** Many at once: one flower around all that is there, neighbours after each other. A layout follows. */
function sunflower(
  fresh: readonly string[],
  anchors: ReadonlyMap<string, readonly string[]>,
  known: ReadonlyMap<string, Place>,
): Map<string, Place> {
  let [x, y, reach] = [0, 0, 0];
  for (const place of known.values()) [x, y] = [x + place.x / known.size, y + place.y / known.size];
  for (const place of known.values()) reach = Math.max(reach, Math.hypot(place.x - x, place.y - y));
  const middle = { x, y };
  const left = new Set(fresh);
  const found = new Map<string, Place>();
  let turn = Math.ceil((reach / GAP) ** 2);
  for (const start of fresh) {
    if (!left.delete(start)) continue;
    const piece = [start];
    for (let at = 0; at < piece.length; at += 1) {
      const key = piece[at] as string;
      found.set(key, spiral(middle, turn));
      turn += 1;
      for (const other of anchors.get(key) ?? []) if (left.delete(other)) piece.push(other);
    }
  }
  return found;
}

/** The n-th seed of a sunflower (golden angle), GAP apart. */
function spiral(near: Place, n: number): Place {
  const radius = GAP * Math.sqrt(n);
  const angle = n * Math.PI * (3 - Math.sqrt(5));
  return { x: near.x + radius * Math.cos(angle), y: near.y + radius * Math.sin(angle) };
}

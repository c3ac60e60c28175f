// Where new nodes begin: beside what brought them, on rings that take what is free. The unit is a pixel at zoom 1.

import type { Place } from "./model.ts";

export const GAP = 56; // between neighbours

const cell = (x: number, y: number): string => `${Math.round(x / GAP)} ${Math.round(y / GAP)}`;

/** Places for `fresh` keys, in their order, the same for the same question. `anchors`: of each key the nodes it is
 * linked to; the first that has a place is where it begins, else `around`, else the middle. */
export function placed(
  fresh: readonly string[],
  anchors: ReadonlyMap<string, readonly string[]>,
  known: ReadonlyMap<string, Place>,
  around?: string,
): Map<string, Place> {
  const found = new Map<string, Place>();
  const taken = new Set<string>();
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

/** The n-th seed of a sunflower (golden angle), GAP apart. */
function spiral(near: Place, n: number): Place {
  const radius = GAP * Math.sqrt(n);
  const angle = n * Math.PI * (3 - Math.sqrt(5));
  return { x: near.x + radius * Math.cos(angle), y: near.y + radius * Math.sin(angle) };
}

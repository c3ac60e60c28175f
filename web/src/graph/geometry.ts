// Which nodes lie within a drawn line, and which is next in a direction.

import type { Place } from "./model.ts";

/** Whether a point lies within a closed line (even-odd). */
export function within(line: readonly Place[], { x, y }: Place): boolean {
  let inside = false;
  for (let at = 0, before = line.length - 1; at < line.length; before = at, at += 1) {
    const [a, b] = [line[at] as Place, line[before] as Place];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

export function rectangle(one: Place, other: Place): Place[] {
  return [one, { x: other.x, y: one.y }, other, { x: one.x, y: other.y }];
}

export type Direction = "left" | "right" | "up" | "down";

/** The nearest node in a direction: what lies aside counts double. Null where nothing lies there. */
export function next(from: Place, direction: Direction, among: Iterable<readonly [string, Place]>): string | null {
  let [best, least] = [null as string | null, Infinity];
  for (const [key, { x, y }] of among) {
    const [dx, dy] = [x - from.x, y - from.y];
    const [ahead, aside] = {
      left: [-dx, dy],
      right: [dx, dy],
      up: [-dy, dx],
      down: [dy, dx],
    }[direction] as [number, number];
    if (ahead <= 0.5 || Math.abs(aside) > 2.5 * ahead) continue;
    const far = ahead + 2 * Math.abs(aside);
    if (far < least || (far === least && best !== null && key < best)) [best, least] = [key, far];
  }
  return best;
}

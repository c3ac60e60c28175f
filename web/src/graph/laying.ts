// From a plan to places: a layout, then nodes taken off each other. Runs in the worker; tests call it as it is.

import { forces, roundsFor } from "./force.ts";
import { type Plan, circular, hierarchical, places } from "./layouts.ts";
import { type Box, spread } from "./spread.ts";

export type Layout = "force" | "hierarchical" | "circular" | "places" | "settle"; // settle: only what is not fixed

const LETTER = 6.6; // width of a letter of a name
const SIGN = 30;

/** The places of all points, x and y by turns. `tell` hears of them on the way, at most every `pause` ms. */
export function lay(
  layout: Layout,
  plan: Plan,
  tell: (spots: Float32Array) => void = () => {},
  pause = 90,
): Float32Array {
  const spots = layout === "force" || layout === "settle" ? forced(layout, plan, tell, pause) : drawn(layout, plan);
  const boxes: Box[] = plan.points.map((point, at) => {
    const name = Math.min(150, Math.max(SIGN, widthOf(point.label)));
    const wide = plan.points.length > 2500 ? SIGN : name;
    const [x, y] = point.fixed ? [point.x, point.y] : [spots[at * 2] as number, spots[at * 2 + 1] as number];
    return { x, y, width: wide + 6, height: plan.points.length > 2500 ? SIGN : SIGN + 22, fixed: point.fixed };
  });
  spread(boxes, plan.points.length > 8000 ? 8 : plan.points.length > 2500 ? 15 : 60);
  boxes.forEach((box, at) => {
    spots[at * 2] = box.x;
    spots[at * 2 + 1] = box.y;
  });
  return spots;
}

function widthOf(label: string): number {
  let width = 0;
  for (const letter of label.slice(0, 26)) width += letter > "\u2e7f" ? LETTER * 1.8 : LETTER;
  return width;
}

function forced(layout: Layout, plan: Plan, tell: (spots: Float32Array) => void, pause: number): Float32Array {
  const field = forces(plan);
  const rounds = layout === "settle" ? Math.min(120, roundsFor(plan.points.length)) : roundsFor(plan.points.length);
  let told = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    field.step(1);
    if (performance.now() - told > pause) {
      tell(field.spots());
      told = performance.now();
    }
  }
  return field.spots();
}

function drawn(layout: "hierarchical" | "circular" | "places", plan: Plan): Float32Array {
  const found = { hierarchical, circular, places }[layout](plan);
  // Their middle goes where the middle of the nodes was, so that the view keeps its place.
  const middle = (of: readonly (readonly [number, number])[]): [number, number] => {
    const sum = of.reduce(([x, y], spot) => [x + spot[0], y + spot[1]] as [number, number], [0, 0] as [number, number]);
    return [sum[0] / Math.max(1, of.length), sum[1] / Math.max(1, of.length)];
  };
  const [now, then] = [middle(found), middle(plan.points.map(({ x, y }) => [x, y] as const))];
  return Float32Array.from(found.flatMap(([x, y]) => [x - now[0] + then[0], y - now[1] + then[1]]));
}

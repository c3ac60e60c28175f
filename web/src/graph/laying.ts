// From a plan to places: a layout, then nodes taken off each other. Runs in the worker; tests call it as it is.

import { forces, roundsFor } from "./force.ts";
import { type Plan, circular, hierarchical, neighbours, packedTrees, pieces, places } from "./layouts.ts";
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
  spread(boxes, plan.points.length > 8000 ? 8 : plan.points.length > 2500 ? 15 : plan.points.length > 600 ? 80 : 250);
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

/** Each piece that hangs together by itself, then the pieces side by side; a piece with fixed nodes stays with them. */
function forced(layout: Layout, plan: Plan, tell: (spots: Float32Array) => void, pause: number): Float32Array {
  const spots = Float32Array.from(plan.points.flatMap(({ x, y }) => [x, y]));
  let told = performance.now();
  const free: number[][] = [];
  for (const members of pieces(neighbours(plan))) {
    let piece = part(plan, members);
    if (!piece.points.some((point) => point.fixed)) {
      free.push(members);
      if (layout === "force") piece = gathered(piece);
    }
    if (members.length === 1) continue;
    const field = forces(piece);
    const write = (): void => {
      const found = field.spots();
      members.forEach((node, at) => spots.set(found.subarray(at * 2, at * 2 + 2), node * 2));
    };
    const rounds = roundsFor(members.length);
    for (let round = 0; round < (layout === "settle" ? Math.min(120, rounds) : rounds); round += 1) {
      field.step(1);
      if (performance.now() - told > pause) {
        write();
        tell(spots.slice());
        told = performance.now();
      }
    }
    write();
    if (layout === "force" && !piece.points.some((point) => point.fixed)) scaled(piece, members, spots);
  }
  if (layout === "force") packed(plan, free, spots);
  return spots;
}

/** A piece as a tree around its best linked node, each node beside what leads to it: forces mend that sooner than they
 * would untangle a heap, and it ends the same wherever it was. */
function gathered(piece: Plan): Plan {
  const near = neighbours(piece);
  const root = near.reduce((best, others, node) => (others.length > near[best]!.length ? node : best), 0);
  const children: number[][] = near.map(() => []);
  const seen = new Set([root]);
  const order = [root];
  for (let at = 0; at < order.length; at += 1) {
    const node = order[at]!;
    for (const other of near[node]!) {
      if (seen.has(other)) continue;
      seen.add(other);
      order.push(other);
      children[node]!.push(other);
    }
  }
  const spots = packedTrees([root], children, near.length);
  const points = piece.points.map((point, node) => ({ ...point, x: spots[node]![0], y: spots[node]![1] }));
  return { ...piece, points };
}

/** The plan of some of its points alone. */
function part(plan: Plan, members: number[]): Plan {
  if (members.length === plan.points.length) return plan;
  const at = new Map(members.map((node, number) => [node, number]));
  const links = plan.links.flatMap(([from, to, kind]): Plan["links"] => {
    const [start, end] = [at.get(from), at.get(to)];
    return start === undefined || end === undefined ? [] : [[start, end, kind]];
  });
  return { points: members.map((node) => plan.points[node] as Plan["points"][number]), links, roots: [] };
}

const LINK = 96; // the usual length of a link
const ROOM = 5200; // of a node with its name, square units

/** A piece as large as its names need and no larger. */
function scaled(piece: Plan, members: number[], spots: Float32Array): void {
  const at = (node: number): [number, number] => {
    const from = (members[node] as number) * 2;
    return [spots[from] as number, spots[from + 1] as number];
  };
  const lengths = piece.links.map(([from, to]) => Math.hypot(at(from)[0] - at(to)[0], at(from)[1] - at(to)[1]));
  const usual = lengths.sort((a, b) => a - b)[lengths.length >> 1] || LINK;
  const [xs, ys] = [members.map((_, node) => at(node)[0]), members.map((_, node) => at(node)[1])];
  const span = (of: number[]): number => of.reduce((a, b) => Math.max(a, b)) - of.reduce((a, b) => Math.min(a, b)) + 1;
  const flat = span(ys) > span(xs) * 1.1; // a screen is wider than high
  const by = Math.max(LINK / usual, Math.min(1, Math.sqrt((members.length * ROOM) / (span(xs) * span(ys)))));
  for (const node of members) {
    const [x, y] = [(spots[node * 2] as number) * by, (spots[node * 2 + 1] as number) * by];
    spots.set(flat ? [y, -x] : [x, y], node * 2);
  }
}

const AIR = 46; // between pieces

/** Moves each piece as a whole, so that they stand in rows, the highest first, beside what is fixed. */
function packed(plan: Plan, free: number[][], spots: Float32Array): void {
  const boxes = free.map((members) => {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const node of members) {
      const wide = Math.min(150, widthOf((plan.points[node] as Plan["points"][number]).label)) / 2;
      const [x, y] = [spots[node * 2] as number, spots[node * 2 + 1] as number];
      [left, right] = [Math.min(left, x - wide), Math.max(right, x + wide)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 20)];
    }
    return { members, left, top, width: right - left + AIR, height: bottom - top + AIR };
  });
  boxes.sort((a, b) => b.height - a.height || (a.members[0] as number) - (b.members[0] as number));
  const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0);
  const widest = Math.max(Math.sqrt(area) * 1.45, ...boxes.map((box) => box.width));
  const fixed = plan.points.filter((point) => point.fixed);
  const floor = fixed.length > 0 ? Math.max(...fixed.map((point) => point.y)) + 3 * AIR : 0;
  let [x, y, high] = [0, floor, 0];
  for (const box of boxes) {
    if (x > 0 && x + box.width > widest) [x, y, high] = [0, y + high, 0];
    for (const node of box.members) {
      spots[node * 2] = (spots[node * 2] as number) - box.left + x;
      spots[node * 2 + 1] = (spots[node * 2 + 1] as number) - box.top + y;
    }
    x += box.width;
    high = Math.max(high, box.height);
  }
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

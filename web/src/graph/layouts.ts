// Layouts without forces: layers, a circle, people around their units around their addresses. Pure and deterministic:
// nodes come in the order of their keys, and nothing is left to chance.

import { GAP } from "./placing.ts";

export interface Point {
  key: string;
  kind: string;
  label: string;
  x: number;
  y: number;
  fixed: boolean;
}

export interface Plan {
  points: Point[]; // in the order of their keys
  links: [from: number, to: number, kind: string][]; // places in `points`
  roots: number[]; // from where layers are counted
}

type Spot = [x: number, y: number];

const COLUMN = 118; // room for a name
const ROW = 96;

export function neighbours(plan: Plan): number[][] {
  const at: Set<number>[] = plan.points.map(() => new Set());
  for (const [from, to] of plan.links) {
    if (from === to) continue;
    at[from]?.add(to);
    at[to]?.add(from);
  }
  return at.map((set) => [...set].sort((a, b) => a - b));
}

/** Pieces that hang together, the largest first. */
export function pieces(near: number[][]): number[][] {
  const piece = new Int32Array(near.length).fill(-1);
  const found: number[][] = [];
  for (let start = 0; start < near.length; start += 1) {
    if (piece[start] !== -1) continue;
    const members = [start];
    piece[start] = found.length;
    for (let at = 0; at < members.length; at += 1) {
      for (const other of near[members[at] as number] as number[]) {
        if (piece[other] === -1) {
          piece[other] = found.length;
          members.push(other);
        }
      }
    }
    found.push(members.sort((a, b) => a - b));
  }
  return found.sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number));
}

/** Layers by the number of links from the roots, ordered so that linked nodes stand near each other. */
export function hierarchical(plan: Plan): Spot[] {
  const near = neighbours(plan);
  const roots = new Set(plan.roots);
  const spots: Spot[] = plan.points.map(() => [0, 0]);
  let left = 0;
  for (const members of pieces(near)) {
    let starts = members.filter((node) => roots.has(node));
    if (starts.length === 0) starts = [mostLinked(members, near)];
    const layers = ordered(layered(starts, near), near);
    const widest = Math.min(most(layers), Math.max(8, Math.ceil(Math.sqrt(members.length) * 2)));
    let row = 0;
    for (const layer of layers) {
      for (let at = 0; at < layer.length; at += widest) {
        const line = layer.slice(at, at + widest);
        line.forEach((node, number) => {
          spots[node] = [left + (number + (widest - line.length) / 2) * COLUMN, row * ROW];
        });
        row += 1;
      }
      row += layer.length > widest ? 0.6 : 0.2;
    }
    left += (widest + 1) * COLUMN;
  }
  return spots;
}

const most = (layers: number[][]): number => layers.reduce((wide, layer) => Math.max(wide, layer.length), 1);

function mostLinked(members: number[], near: number[][]): number {
  return members.reduce((best, node) =>
    (near[node] as number[]).length > (near[best] as number[]).length ? node : best,
  );
}

function layered(starts: number[], near: number[][]): number[][] {
  const reached = new Set(starts);
  const layers = [starts];
  for (let layer = starts; layer.length > 0; ) {
    const next: number[] = [];
    for (const node of layer) {
      for (const other of near[node] as number[]) {
        if (!reached.has(other)) {
          reached.add(other);
          next.push(other);
        }
      }
    }
    if (next.length > 0) layers.push(next);
    layer = next;
  }
  return layers;
}

/** Each node towards the middle of its neighbours in the layer before and after, some rounds up and down. */
function ordered(layers: number[][], near: number[][]): number[][] {
  const at = new Map<number, number>();
  const note = (layer: number[]): void => layer.forEach((node, place) => at.set(node, place - layer.length / 2));
  layers.forEach(note);
  const depth = new Map(layers.flatMap((layer, level) => layer.map((node) => [node, level] as const)));
  for (let round = 0; round < 6; round += 1) {
    const down = round % 2 === 0;
    const order = down ? layers.keys() : [...layers.keys()].reverse();
    for (const level of order) {
      const beside = level + (down ? -1 : 1);
      const layer = layers[level] as number[];
      const middle = new Map(
        layer.map((node) => {
          const tied = (near[node] as number[]).filter((other) => depth.get(other) === beside);
          const sum = tied.reduce((total, other) => total + (at.get(other) as number), 0);
          return [node, tied.length > 0 ? sum / tied.length : (at.get(node) as number)] as const;
        }),
      );
      layer.sort((a, b) => (middle.get(a) as number) - (middle.get(b) as number) || a - b);
      note(layer);
    }
  }
  return layers;
}

/** All on one circle, on more where there are many; kinds together, neighbours near each other. */
export function circular(plan: Plan): Spot[] {
  const near = neighbours(plan);
  const order = pieces(near).flatMap((members) => walked(members, near));
  const spots: Spot[] = plan.points.map(() => [0, 0]);
  const first = Math.max(3, Math.min(order.length, 160));
  let [radius, taken] = [Math.max(110, (first * GAP * 1.15) / (2 * Math.PI)), 0];
  while (taken < order.length) {
    const room = Math.floor((2 * Math.PI * radius) / (GAP * 1.12));
    const ring = order.slice(taken, taken + Math.max(3, room));
    ring.forEach((node, number) => {
      const angle = (2 * Math.PI * number) / ring.length - Math.PI / 2;
      spots[node] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    taken += ring.length;
    radius += GAP * 1.8;
  }
  return spots;
}

/** A piece in the order of a walk that goes deep first, from its best linked node. */
function walked(members: number[], near: number[][]): number[] {
  const left = [mostLinked(members, near)];
  const seen = new Set<number>();
  const order: number[] = [];
  while (left.length > 0) {
    const node = left.pop() as number;
    if (seen.has(node)) continue;
    seen.add(node);
    order.push(node);
    left.push(...(near[node] as number[]).filter((other) => !seen.has(other)).reverse());
  }
  return order;
}

const PERSON_KINDS = ["Subject", "Contact", "Entry"];

/** Units around their address, people around their unit, what people hold around them. Who has been at several places
 * stands at the first; what hangs on no place has a place of its own. */
export function places(plan: Plan): Spot[] {
  const near = neighbours(plan);
  const rank = (node: number): number => {
    const { kind } = plan.points[node] as Point;
    if (kind === "Address") return 0;
    if (kind === "RentalUnit") return 1;
    return PERSON_KINDS.includes(kind) ? 2 : 3;
  };
  const parent = new Int32Array(near.length).fill(-1);
  const isRoot = (node: number): boolean => {
    if (rank(node) === 0) return true;
    return rank(node) === 1 && !(near[node] as number[]).some((other) => rank(other) === 0);
  };
  const roots = [...near.keys()].filter(isRoot);
  const taken = new Set(roots);
  let wave = [...roots];
  // What is nearer to a place comes first; of a wave units before people before what they hold.
  const flow = (): void => {
    while (wave.length > 0) {
      const next: number[] = [];
      for (const node of wave.sort((a, b) => rank(a) - rank(b) || a - b)) {
        for (const other of near[node] as number[]) {
          if (taken.has(other)) continue;
          taken.add(other);
          parent[other] = node;
          next.push(other);
        }
      }
      wave = next;
    }
  };
  flow();
  for (const members of pieces(near)) {
    if (members.some((node) => taken.has(node))) continue;
    const root = mostLinked(members, near);
    roots.push(root);
    taken.add(root);
    wave = [root];
    flow();
  }
  const children: number[][] = near.map(() => []);
  for (const [node, above] of parent.entries()) if (above >= 0) (children[above] as number[]).push(node);
  return packedTrees(roots, children, near.length);
}

/** Each tree as a disc whose middle is the root, the discs of its children around it; the trees side by side. */
export function packedTrees(roots: number[], children: number[][], count: number): Spot[] {
  const reach = new Float64Array(count); // of a node with all below it
  const rings: { radius: number; from: number; to: number }[][] = children.map(() => []);
  const order: number[] = [];
  for (const left = [...roots]; left.length > 0; ) {
    const node = left.pop() as number;
    order.push(node);
    left.push(...(children[node] as number[]));
  }
  for (const node of order.reverse()) {
    const below = (children[node] as number[]).sort((a, b) => (reach[b] as number) - (reach[a] as number) || a - b);
    let [radius, from] = [GAP / 2, 0];
    while (from < below.length) {
      const widest = reach[below[from] as number] as number;
      radius += widest;
      let [to, angle] = [from, 0];
      while (to < below.length) {
        const wide = 2 * Math.asin(Math.min(1, (reach[below[to] as number] as number) / radius));
        if (to > from && angle + wide > 2 * Math.PI) break;
        angle += wide;
        to += 1;
      }
      (rings[node] as { radius: number; from: number; to: number }[]).push({ radius, from, to });
      radius += widest;
      from = to;
    }
    reach[node] = Math.max(GAP * 0.75, radius);
  }
  const spots: Spot[] = Array.from({ length: count }, () => [0, 0]);
  const shelves = shelved(roots, reach);
  for (const [root, spot] of shelves) spots[root] = spot;
  for (const node of order.reverse()) {
    const [x, y] = spots[node] as Spot;
    const below = children[node] as number[];
    for (const { radius, from, to } of rings[node] as { radius: number; from: number; to: number }[]) {
      const ring = below.slice(from, to);
      const widths = ring.map((child) => 2 * Math.asin(Math.min(1, (reach[child] as number) / radius)));
      const spare = Math.max(0, 2 * Math.PI - widths.reduce((sum, wide) => sum + wide, 0)) / ring.length;
      let angle = node * Math.PI * (3 - Math.sqrt(5)); // so that no chain of single children is one long line
      ring.forEach((child, number) => {
        angle += (widths[number] as number) / 2;
        spots[child] = [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
        angle += (widths[number] as number) / 2 + spare;
      });
    }
  }
  return spots;
}

/** Discs in rows, the largest first. */
function shelved(roots: number[], reach: Float64Array): [number, Spot][] {
  const sorted = [...roots].sort((a, b) => (reach[b] as number) - (reach[a] as number) || a - b);
  const area = sorted.reduce((sum, root) => sum + (2 * (reach[root] as number)) ** 2, 0);
  const widest = Math.max(2 * (reach[sorted[0] ?? 0] ?? 0), Math.sqrt(area) * 1.5);
  let [left, top, high] = [0, 0, 0];
  return sorted.map((root) => {
    const radius = (reach[root] as number) + 8;
    if (left > 0 && left + 2 * radius > widest) [left, top, high] = [0, top + high, 0];
    const spot: Spot = [left + radius, top + radius];
    left += 2 * radius;
    high = Math.max(high, 2 * radius);
    return [root, spot];
  });
}


// ForceAtlas2 (Jacomy et al. 2014) by graphology's iteration, in rounds of a number that depends on the size alone, so
// that the same graph ends the same. Fixed nodes stay where they are.

import iterate from "graphology-layout-forceatlas2/iterate.js";

import type { Plan, Point } from "./layouts.ts";

const UNIT = 30; // of the plane to one of the forces'
const PER_NODE = 10;
const PER_LINK = 3;

export function roundsFor(count: number): number {
  if (count <= 300) return 700;
  return Math.max(60, Math.round(400 * (300 / count) ** 0.62));
}

export interface Forces {
  step(rounds: number): void;
  spots(): Float32Array; // x, y by turns
}

export function forces(plan: Plan): Forces {
  const count = plan.points.length;
  const nodes = new Float32Array(count * PER_NODE);
  const links = new Float32Array(plan.links.length * PER_LINK);
  const middle = centre(plan.points);
  plan.points.forEach((point, at) => {
    const from = at * PER_NODE;
    // Two in one place would never part; the order of their keys parts them.
    nodes[from] = (point.x - middle[0]) / UNIT + (at % 17) * 1e-3;
    nodes[from + 1] = (point.y - middle[1]) / UNIT + (at % 13) * 1e-3;
    nodes[from + 6] = 1; // mass
    nodes[from + 7] = 1; // convergence
    nodes[from + 8] = 1; // size
    nodes[from + 9] = point.fixed ? 1 : 0;
  });
  plan.links.forEach(([from, to], at) => {
    links.set([from * PER_NODE, to * PER_NODE, 1], at * PER_LINK);
    for (const end of [from, to]) nodes[end * PER_NODE + 6] = (nodes[end * PER_NODE + 6] as number) + 1;
  });
  const settings = {
    linLogMode: false,
    outboundAttractionDistribution: false,
    adjustSizes: false,
    edgeWeightInfluence: 1,
    scalingRatio: 1.6,
    strongGravityMode: false,
    gravity: 4,
    slowDown: count > 300 ? 1.5 : 1.2,
    barnesHutOptimize: count > 400,
    barnesHutTheta: count > 5000 ? 0.9 : 0.6,
  };
  return {
    step(rounds) {
      for (let round = 0; round < rounds; round += 1) iterate(settings, nodes, links);
    },
    spots() {
      const found = new Float32Array(count * 2);
      for (let at = 0; at < count; at += 1) {
        found[at * 2] = (nodes[at * PER_NODE] as number) * UNIT + middle[0];
        found[at * 2 + 1] = (nodes[at * PER_NODE + 1] as number) * UNIT + middle[1];
      }
      return found;
    },
  };
}

/** Gravity pulls to the middle of what is fixed, else of all. */
function centre(points: Point[]): [number, number] {
  const held = points.some((point) => point.fixed) ? points.filter((point) => point.fixed) : points;
  const sum = held.reduce(([x, y], point) => [x + point.x, y + point.y] as [number, number], [0, 0] as [number, number]);
  return [sum[0] / Math.max(1, held.length), sum[1] / Math.max(1, held.length)];
}

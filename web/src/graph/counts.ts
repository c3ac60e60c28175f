// What an expansion would bring, counted by the server before anything is drawn.

import { call } from "../api.ts";
import type { Answer } from "./model.ts";
import { add, assessments, graphName, nodes } from "./state.ts";

export const HUB = 50; // links: beyond, a node asks first

export interface Count {
  edge: string;
  kind: string; // of the node at the other end
  count: number;
}

export interface Counted {
  key: string;
  total: number;
  truncated: boolean;
  links: Count[];
}

export interface Choice {
  edges: string[]; // kinds of links
  labels: string[]; // kinds of nodes at the other end
  from: string;
  to: string;
  source: string;
  max_links: number; // a node with more is shown and not gone through; 0: any
  limit: number;
}

export interface GraphAnswer extends Answer {
  banners: string[];
}

export async function countLinks(key: string, from: string, to: string, signal: AbortSignal): Promise<Counted> {
  const asked = { nodes: [key], with_open_leads: assessments.peek(), from, to, graph: graphName.peek() };
  const answered = await call<{ counts: Counted[] }>("POST", "/graph/counts", asked, signal);
  return answered.counts[0] ?? { key, total: 0, truncated: false, links: [] };
}

/** One hop, drawn beside the node that was asked. Within a case by `expand`, which knows more bounds. */
export async function drawLinks(key: string, choice: Choice, ofCase: boolean): Promise<GraphAnswer> {
  const { edges, labels, from, to, source, max_links, limit } = choice;
  const common = { nodes: [key], limit, from, to, edges, with_open_leads: assessments.peek(), graph: graphName.peek() };
  const asked = ofCase
    ? { ...common, analysis: "expand", hops: 1, labels, sources: source ? [source] : [], max_links }
    : { ...common, analysis: "neighbours" };
  const answered = await call<GraphAnswer>("POST", "/graph/ask", asked);
  add(ofCase ? answered : only(answered, key, choice), nodes.peek().has(key) ? key : undefined);
  return answered;
}

/** What the choice names of an answer that could not be bounded so. */
function only(answer: GraphAnswer, key: string, { labels, source }: Choice): GraphAnswer {
  const fits = (stated: { source: string }[]): boolean => !source || stated.some((one) => one.source.includes(source));
  const kinds = new Set(labels);
  const nodesKept = answer.nodes.filter((node) => node.key === key || kinds.size === 0 || kinds.has(node.kind));
  const kept = new Set(nodesKept.map((node) => node.key));
  const edges = answer.edges.filter((edge) => kept.has(edge.start) && kept.has(edge.end) && fits(edge.provenance));
  const ends = new Set(edges.flatMap((edge) => [edge.start, edge.end]));
  return { ...answer, edges, nodes: nodesKept.filter((node) => node.key === key || ends.has(node.key)) };
}

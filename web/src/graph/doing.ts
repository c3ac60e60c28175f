// What the panels do: find, ask, look into a building, draw in. Each is one question to the server, on record there.

import { batch } from "@preact/signals";

import { open as handed } from "../handover.ts";
import { t } from "../words.ts";
import * as calls from "./calls.ts";
import type { Analysis, Answered } from "./calls.ts";
import {
  act,
  answers,
  bounds,
  building,
  choices,
  drawnIn,
  folded,
  graphs,
  hasAuthority,
  heed,
  labelOf,
  offered,
  open,
  status,
  typed,
} from "./desk.ts";
import { asksOf, isStrong, sent } from "./panels/asking.ts";
import { type GNode, add, assessments, edgeId, emphasis, graphName, nodes, period, selection, show } from "./state.ts";

const NO_DAYS = { from: "", to: "" };

/** The nodes that a text names; one alone is put on the canvas at once, others wait to be chosen from. */
export async function find(text: string): Promise<calls.Found | undefined> {
  choices.value = null;
  const found = await act(() => calls.find(text, assessments.value, graphName.value));
  if (!found) return undefined;
  heed(found);
  const only = found.nodes[0];
  if (found.total === 1 && only) {
    put(only);
    typed.value = "";
  } else choices.value = found;
  return found;
}

/** What another place of the page hands over is found here, once there is a reason to look. */
export function takeOver(): void {
  const text = handed.value?.node;
  if (text === undefined || !hasAuthority.value) return;
  handed.value = null;
  folded.value = { ...folded.peek(), left: false };
  if (text.startsWith("Lead:")) assessments.value = true; // an open lead is one, and was asked for
  typed.value = text;
  void find(text);
}

/** A node on the canvas, chosen and in sight. */
export function put(node: GNode): void {
  add({ nodes: [node], edges: [], truncated: false }, undefined, [node.key]);
  selection.value = new Set([node.key]);
  show([node.key]);
}

export function analysisOf(name: string): Analysis | undefined {
  return offered.value?.analyses.find((analysis) => analysis.name === name);
}

/** Ask, draw what is answered, and show its rows. Of paths, each two of the nodes. */
export async function ask(name: string, chosen: readonly string[] = [...selection.peek()]): Promise<void> {
  const analysis = analysisOf(name);
  if (!analysis) return;
  const stated = sent(analysis, bounds.value);
  const found = await act(async () => {
    const all: Answered[] = [];
    for (const asked of asksOf(analysis, chosen)) {
      all.push(await calls.ask(name, asked, stated, assessments.value, graphName.value));
    }
    return all;
  });
  if (found) take(found);
}

function take(found: readonly Answered[]): void {
  batch(() => {
    heed(...found);
    drawnIn.value = null;
    answers.value = found;
    const whole = joined(found);
    const around = found.length === 1 ? found[0]?.parameters.nodes[0] : undefined;
    add(whole, around, found.flatMap((answer) => answer.parameters.nodes));
    const ids = whole.edges.map((edge) => edgeId(edge.kind, edge.start, edge.end));
    const strong = found.some((answer) => isStrong(answer.analysis)) && whole.edges.length > 0;
    emphasis.value = strong ? new Set([...whole.nodes.map((node) => node.key), ...ids]) : new Set();
    open("answer");
    const rows = found.reduce((sum, answer) => sum + answer.rows.length, 0);
    status.value = t("page.graph.answered", { rows, nodes: whole.nodes.length, links: whole.edges.length });
  });
  const keys = found.flatMap((answer) => answer.nodes.map((node) => node.key));
  if (keys.length > 0) show(keys);
}

function joined(found: readonly calls.Drawn[]): { nodes: GNode[]; edges: calls.Edge[]; truncated: boolean } {
  const nodesByKey = new Map(found.flatMap((answer) => answer.nodes).map((node) => [node.key, node]));
  const edgesById = new Map(found.flatMap((answer) => answer.edges).map((edge) => [edgeId(edge.kind, edge.start, edge.end), edge]));
  return { nodes: [...nodesByKey.values()], edges: [...edgesById.values()], truncated: found.some((answer) => answer.truncated) };
}

export async function lookInto(node: string): Promise<void> {
  const found = await act(() => calls.building(node, assessments.value, period.value ?? NO_DAYS));
  if (!found) return;
  batch(() => {
    heed(found);
    building.value = found;
    open("building");
  });
}

/** Who else lived in a unit: read again from the feed's own register, for this case alone. */
export async function drawIn(unit: string): Promise<void> {
  const began = performance.now();
  const found = await act(() => calls.drawIn(unit, period.value ?? NO_DAYS));
  if (!found) return;
  batch(() => {
    heed(found);
    answers.value = [];
    drawnIn.value = found;
    add(found, found.unit.key, [found.unit.key]);
    const ids = found.edges.map((edge) => edgeId(edge.kind, edge.start, edge.end));
    emphasis.value = new Set([...found.nodes.map((node) => node.key), ...ids]);
    open("answer");
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    status.value = t("page.graph.drawn-in", { people: found.people.length, unit: found.unit.label, seconds });
  });
  show(found.nodes.map((node) => node.key));
}

/** What was brought in under the case that is open. */
export async function openCase(id: string): Promise<void> {
  const found = await find(`Case:${id}`);
  choices.value = null;
  if (!found) return;
  const node = found.nodes.find((item) => item.kind === "Case");
  if (node) await ask("neighbours", [node.key]);
  else status.value = t("page.graph.case-empty", { case: id });
}

export async function readGraphs(): Promise<void> {
  const found = await act(() => calls.imported());
  if (found) graphs.value = found.graphs;
}

export function chosenLabels(): string[] {
  return [...selection.value].filter((key) => nodes.value.has(key)).map(labelOf);
}

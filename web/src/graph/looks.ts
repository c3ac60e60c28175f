// How a node and a link are drawn now, out of the state and nothing else.

import { cellOf } from "./atlas.ts";
import { lastDay } from "./filtering.ts";
import type { GEdge, GNode, Sheet } from "./model.ts";
import { ASKED, FOCUSED, NOTED, PINNED, SELECTED, packed } from "./node_program.ts";
import type { Styling } from "./state.ts";
import { BANDS, UNKNOWN, contrast, isDirected, linkColour, rampColour, readable, shareOfTime, signNumber, signOf } from "./styling.ts";

export const RADIUS = 12;
const FAINT = 0.22; // what is not of the answer that is emphasised
const STRONG = 3.2;
const PLAIN = 1.7;

/** What looks depend on besides the record itself. */
export interface Lookout {
  sheet: Sheet;
  selection: ReadonlySet<string>;
  edgeSelected: string | null;
  emphasis: ReadonlySet<string>;
  focused: string | null;
  styling: Styling;
  bands: ReadonlyMap<string, string>;
  days: ReadonlyMap<string, string>; // of each node the youngest day of its links
  span: { from: string; to: string };
  ground: string;
}

/** The youngest day that is stated of each node and its links, and the span of all. */
export function daysOf(sheet: Sheet): { days: Map<string, string>; span: { from: string; to: string } } {
  const days = new Map<string, string>();
  let [from, to] = ["9999", ""];
  const tell = (key: string, day: string): void => {
    if (day > (days.get(key) ?? "")) days.set(key, day);
    if (day < from) from = day;
    if (day > to) to = day;
  };
  for (const node of sheet.nodes.values()) for (const day of daysStated(node)) tell(node.key, day);
  for (const edge of sheet.edges.values()) {
    for (const day of daysStated(edge)) for (const end of [edge.start, edge.end]) tell(end, day);
  }
  return { days, span: { from, to } };
}

function daysStated({ provenance }: GNode | GEdge): string[] {
  return provenance.flatMap((stated) => [stated.from, stated.to]).filter((day) => day !== null && day !== "") as string[];
}

const leasts = new Map<string, number>();

/** How far a colour must stand out: thin dashes drown on dark. */
function leastOn(ground: string): number {
  let least = leasts.get(ground);
  if (least === undefined) leasts.set(ground, (least = contrast(ground, "#ffffff") > 7 ? 4.5 : 3));
  return least;
}

export function nodeColour(node: GNode, look: Lookout): string {
  if (look.styling === "kind") return readable(signOf(node.kind).colour, look.ground, leastOn(look.ground));
  if (look.styling === "band") return bandColour(look.bands.get(node.key), look);
  const day = look.days.get(node.key);
  if (!day) return readable(UNKNOWN, look.ground, 1.6);
  return readable(rampColour(shareOfTime(day, look.span.from, look.span.to)), look.ground, 1.8);
}

function bandColour(band: string | undefined, look: Lookout): string {
  const at = BANDS.indexOf(band ?? "");
  return readable(at < 0 ? UNKNOWN : rampColour((at + 1) / BANDS.length - 0.01), look.ground, at < 0 ? 1.6 : 3);
}

export function edgeColour(edge: GEdge, look: Lookout): string {
  if (look.styling === "band") return bandColour(edge.band, look);
  if (look.styling !== "date") return readable(linkColour(edge.kind), look.ground, leastOn(look.ground));
  const day = daysStated(edge).sort().at(-1);
  if (!day) return readable(UNKNOWN, look.ground, 1.6);
  return readable(rampColour(shareOfTime(lastDay(day), look.span.from, look.span.to)), look.ground, 1.8);
}

export function nodeLook(node: GNode, look: Lookout) {
  const { sheet, selection, emphasis } = look;
  const flags =
    (sheet.asked.has(node.key) ? ASKED : 0) +
    (selection.has(node.key) ? SELECTED : 0) +
    (sheet.pinned.has(node.key) ? PINNED : 0) +
    (sheet.notes.has(node.key) ? NOTED : 0) +
    (look.focused === node.key ? FOCUSED : 0);
  const faint = emphasis.size > 0 && !emphasis.has(node.key) && !selection.has(node.key);
  return {
    size: RADIUS,
    ink: packed(nodeColour(node, look)),
    cell: cellOf(signNumber(node.kind), node.fact),
    flags,
    strength: faint ? FAINT : 1,
  };
}

export function edgeLook(edge: GEdge, bow: number, look: Lookout) {
  const { selection, emphasis, edgeSelected } = look;
  const told = emphasis.has(edge.id) || edge.id === edgeSelected;
  const touched = selection.has(edge.start) || selection.has(edge.end);
  const faint = emphasis.size > 0 && !told && !touched;
  return {
    size: told ? STRONG : touched && selection.size <= 20 ? PLAIN * 1.4 : PLAIN,
    ink: packed(edgeColour(edge, look)),
    bow,
    dashed: !edge.fact,
    directed: isDirected(edge.kind),
    strength: faint ? FAINT : 1,
  };
}

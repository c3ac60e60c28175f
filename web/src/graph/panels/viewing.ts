// Saved views: whether what is seen differs from what was saved, and what has changed since. Pure.

import type { Changes } from "../calls.ts";
import { edgeId } from "../model.ts";

type Kept = {
  positions: Record<string, [number, number]>;
  edges: [string, string, string][];
  hidden: string[];
  pinned: string[];
  notes: Record<string, { label: string; note: string; mark: string }>;
  filters: { kinds: string[]; links: string[]; text: string };
  period: { from: string; to: string } | null;
  assessments: boolean;
  styling: string;
};

/** One text for views that are the same, in whatever order they name things. Where nodes stand counts to the pixel. */
export function seal(view: Kept): string {
  const sort = (texts: readonly string[]) => [...texts].sort();
  const places = Object.entries(view.positions).map(([key, [x, y]]) => `${key} ${Math.round(x)} ${Math.round(y)}`);
  const notes = Object.entries(view.notes).map(([key, { label, note, mark }]) => JSON.stringify([key, label, note, mark]));
  return JSON.stringify({
    places: sort(places),
    edges: sort(view.edges.map((edge) => JSON.stringify(edge))),
    hidden: sort(view.hidden),
    pinned: sort(view.pinned),
    notes: sort(notes),
    filters: [sort(view.filters.kinds), sort(view.filters.links), view.filters.text],
    period: view.period && [view.period.from, view.period.to],
    assessments: view.assessments,
    styling: view.styling,
  });
}

/** The nodes and links that are new or changed, for the eye. */
export function marked(found: Changes): Set<string> {
  const edges = [...found.new.edges, ...found.changed.edges].map(({ kind, start, end }) => edgeId(kind, start, end));
  return new Set([...found.new.nodes, ...found.changed.nodes].map((node) => node.key).concat(edges));
}

export function isQuiet(found: Changes): boolean {
  const parts = [found.new.nodes, found.new.edges, found.changed.nodes, found.changed.edges, found.gone.nodes, found.gone.edges];
  return parts.every((part) => part.length === 0) && found.gone.links === 0;
}

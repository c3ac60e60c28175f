// What can be done with the nodes of the canvas beyond the state itself; the menu, the keys and the palette share it.

import { type Signal, signal } from "@preact/signals";

import { otherEnd } from "./model.ts";
import { collapse, hide, links, pin, pinned, remove, selection, unpin, visible } from "./state.ts";

/** The node whose links are being chosen from, one object for each time that it is asked; null: nobody chooses. */
export const expanding: Signal<{ readonly node: string } | null> = signal(null);
/** The node that the keyboard is on. */
export const focused: Signal<string | null> = signal(null);

/** The nodes that an act is meant for: the selection, else the one in focus. */
export function meant(): string[] {
  if (selection.peek().size > 0) return [...selection.peek()];
  const key = focused.peek();
  return key !== null && visible.peek().nodes.has(key) ? [key] : [];
}

export function expand(key: string): void {
  expanding.value = { node: key };
}

export function toggle(key: string): void {
  const next = new Set(selection.peek());
  if (!next.delete(key)) next.add(key);
  selection.value = next;
}

export function selectAll(): void {
  selection.value = new Set(visible.peek().nodes);
}

export function selectNone(): void {
  selection.value = new Set();
}

/** The seen nodes at the other ends of the selection's seen links join the selection. */
export function selectNeighbours(): void {
  const { nodes, edges } = visible.peek();
  const next = new Set(meant());
  for (const key of meant()) {
    for (const edge of links.peek().get(key) ?? []) {
      const other = otherEnd(edge, key);
      if (edges.has(edge.id) && nodes.has(other)) next.add(other);
    }
  }
  selection.value = next;
}

export function togglePin(): void {
  const keys = meant();
  if (keys.length > 0 && keys.every((key) => pinned.peek().has(key))) unpin(keys);
  else pin(keys);
}

export function hideMeant(): void {
  hide(meant());
  selectNone();
}

export function removeMeant(): void {
  remove(meant());
}

export function collapseMeant(): void {
  for (const key of meant()) collapse(key);
}

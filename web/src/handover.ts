// What one place of the page hands to another.

import { signal } from "@preact/signals";

/** A node that the graph is to open: a key, `Lead:ID`, `Case:ID` or `Entry:LIST:ID`. Whoever takes it sets it to null. */
export const open = signal<{ node: string } | null>(null);

export function showInGraph(node: string): void {
  open.value = { node };
  location.hash = "#graph";
}

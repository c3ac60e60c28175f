// The canvas for who does not see it: a list of the visible nodes, of which a window around the one in focus is real.

import { computed } from "@preact/signals";
import type { RefObject } from "preact";

import { t } from "../words.ts";
import { focused } from "./acts.ts";
import type { GNode } from "./model.ts";
import { links, nodes, notes, pinned, selection, visible } from "./state.ts";
import { nodeWord } from "./wording.ts";

const AROUND = 12;

interface Entry {
  node: GNode;
  name: string;
}

let named = new Map<string, Entry>(); // in the order of the last list

/** The visible nodes in the order of kinds and labels. Of a list that grows by a few the rest is in order already. */
export const listed = computed(() => {
  const { nodes: seen } = visible.value;
  const known = nodes.value;
  const rows: [key: string, entry: Entry][] = [];
  for (const [key, before] of named) {
    const node = seen.has(key) ? known.get(key) : undefined;
    if (node) rows.push([key, node === before.node ? before : { node, name: nameOf(node) }]);
  }
  for (const key of seen) {
    const node = named.has(key) ? undefined : known.get(key);
    if (node) rows.push([key, { node, name: nameOf(node) }]);
  }
  rows.sort(([, a], [, b]) => (a.name < b.name ? -1 : 1));
  named = new Map(rows);
  return rows.map(([key]) => key);
});

function nameOf({ kind, label, key }: GNode): string {
  return `${kind} ${label} ${key}`;
}

const orderOf = computed(() => new Map(listed.value.map((key, at) => [key, at])));

export function positionOf(key: string | null): number {
  return key === null ? -1 : (orderOf.value.get(key) ?? -1);
}

const idOf = (at: number): string => `graph-node-${at}`;

export function Twin({ box, onKeyDown }: { box: RefObject<HTMLDivElement>; onKeyDown: (event: KeyboardEvent) => void }) {
  const all = listed.value;
  const at = positionOf(focused.value);
  const first = Math.max(0, (at < 0 ? 0 : at) - AROUND);
  const shown = all.slice(first, first + 2 * AROUND + 1);
  return (
    <div
      ref={box}
      class="graph-twin"
      role="listbox"
      tabIndex={0}
      aria-label={t("page.canvas.nodes", { count: all.length })}
      aria-multiselectable="true"
      aria-activedescendant={at < 0 ? undefined : idOf(at)}
      aria-describedby="graph-keys"
      onKeyDown={onKeyDown}
    >
      {shown.map((key, number) => (
        <div
          key={key}
          id={idOf(first + number)}
          role="option"
          dir="auto"
          aria-selected={selection.value.has(key)}
          aria-posinset={first + number + 1}
          aria-setsize={all.length}
        >
          {told(key)}
        </div>
      ))}
    </div>
  );
}

function told(key: string): string {
  const node = nodes.value.get(key);
  if (!node) return key;
  const note = notes.value.get(key);
  const count = links.value.get(key)?.length ?? 0;
  const parts = [`${nodeWord(node.kind)}: ${note?.label ?? node.label}`, t("page.canvas.links-of", { count })];
  if (!node.fact) parts.push(t("page.canvas.assessment"));
  if (pinned.value.has(key)) parts.push(t("page.canvas.pinned"));
  if (note?.note) parts.push(note.note);
  return parts.join(", ");
}

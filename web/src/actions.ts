// What can be done on the page, by name and by key: one registry, which the command palette and the list of keys show
// and which every place fills. Without the DOM, so that it is tested as it is.

import { type ReadonlySignal, computed, signal } from "@preact/signals";

export interface Action {
  id: string;
  words: string; // key of its name in the catalogue
  values?: Record<string, string>;
  group: string; // key of the catalogue, under which it is listed
  keys?: string; // such as "Ctrl+K" or "?"
  run: () => void;
  why?: () => string; // the catalogue's key of why it cannot be done now; empty: it can
}

const offered = signal<readonly Action[]>([]);

/** Everything that is offered now, in the order in which it came; of two with one id the later. */
export const actions: ReadonlySignal<readonly Action[]> = computed(() => [
  ...new Map(offered.value.map((action) => [action.id, action])).values(),
]);

/** Offer these until the function that is returned is called. */
export function offer(...more: Action[]): () => void {
  offered.value = [...offered.value, ...more];
  return () => {
    offered.value = offered.value.filter((action) => !more.includes(action));
  };
}

export function run(action: Action): boolean {
  if (action.why?.()) return false;
  action.run();
  return true;
}

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** The name of what was pressed: "Ctrl+Shift+Z", "?", "F2". Command counts as Ctrl; Shift is named only where it does not
 * make another sign of the key by itself. */
export function chordOf(pressed: Pressed): string {
  const { key } = pressed;
  const sign = key.length === 1;
  const letter = sign && key.toUpperCase() !== key.toLowerCase();
  const parts: string[] = [];
  if (pressed.ctrlKey || pressed.metaKey) parts.push("Ctrl");
  if (pressed.altKey) parts.push("Alt");
  if (pressed.shiftKey && (!sign || letter)) parts.push("Shift");
  parts.push(key === " " ? "Space" : letter ? key.toUpperCase() : key);
  return parts.join("+");
}

/** Whether a chord is a sign that somebody could be typing: it acts outside of text fields alone, and can be turned off. */
export function isPlain(chord: string): boolean {
  return !chord.includes("Ctrl+") && !chord.includes("Alt+") && (chord.replace("Shift+", "").length === 1 || chord === "Space");
}

/** The action of a chord that can be run now, the latest offered first. */
export function actionOf(chord: string, among: readonly Action[]): Action | undefined {
  return among.findLast((action) => action.keys === chord && !action.why?.());
}

/** How well a name answers to what was typed: 0 not at all; the letters in their order, better where they begin words. */
export function fits(typed: string, name: string): number {
  const wanted = typed.toLocaleLowerCase().replace(/\s+/g, "");
  if (!wanted) return 1;
  const text = name.toLocaleLowerCase();
  const at = text.indexOf(typed.trim().toLocaleLowerCase());
  if (at >= 0) return 1000 - Math.min(at, 500);
  let score = 1;
  let place = -1;
  for (const letter of wanted) {
    const next = text.indexOf(letter, place + 1);
    if (next < 0) return 0;
    const begins = next === 0 || /[\s(,:·-]/.test(text[next - 1] ?? "");
    score += begins ? 8 : next === place + 1 ? 4 : 1;
    place = next;
  }
  return score;
}

/** The actions whose names answer to what was typed, the best first. */
export function search(typed: string, among: readonly Action[], nameOf: (action: Action) => string): Action[] {
  return among
    .map((action, place) => ({ action, place, score: fits(typed, nameOf(action)) }))
    .filter((item) => item.score > 0)
    .sort((one, other) => other.score - one.score || one.place - other.place)
    .map((item) => item.action);
}

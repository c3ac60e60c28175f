// What is written on the canvas: the names of nodes, the most wanted first, and the words of the links that are few.

import type { Diagram } from "./diagram.ts";
import type { Seen } from "./filtering.ts";
import type { Lookout } from "./looks.ts";
import { RADIUS } from "./looks.ts";
import type { GEdge, Place, Sheet } from "./model.ts";
import { type Named, type View, drawNames } from "./names.ts";
import { LONGEST, aboutWidth } from "./text.ts";
import { daysWord, linkWord } from "./wording.ts";

const FEW = 45; // links in view: all of them bear their words
const SIZE = 12;
const WORD = 11;
const ALONG = [0.35, 0.65, 0.25, 0.75]; // of a link, where its words stand when its middle is taken

export interface Pointed {
  node: string | null; // under the mouse
  edge: string | null;
  focused: string | null; // of the keyboard
}

interface Entry {
  key: string;
  text: string;
  about: number;
  bold: boolean;
  forced: boolean;
}

export class Labelling {
  #entries: Entry[] | null = null;
  readonly #diagram: Diagram;

  constructor(diagram: Diagram) {
    this.#diagram = diagram;
  }

  /** What is there or how it is looked at has changed. */
  stale(): void {
    this.#entries = null;
  }

  /** `canvas`: the view of the canvas, which reaches beyond what is seen of it. */
  draw(
    canvas: View,
    sheet: Sheet,
    seen: Seen,
    look: Lookout,
    links: ReadonlyMap<string, readonly GEdge[]>,
    pointed: Pointed,
  ): void {
    const view = this.#diagram.view();
    this.#entries ??= ranked(sheet, seen, look, links);
    const radius = this.#diagram.radius();
    const words = this.#words(sheet, seen, look, links, pointed, view);
    drawNames(this.#diagram.names, canvas, both(words, this.#names(pointed, sheet, radius)), this.#signs(radius));
  }

  *#names(pointed: Pointed, sheet: Sheet, radius: number): Iterable<Named> {
    const { ground } = this.#diagram;
    const { node } = pointed;
    if (node !== null && sheet.nodes.has(node)) yield* this.#pointed(node, sheet, radius);
    for (const entry of this.#entries ?? []) {
      const at = this.#diagram.placeOf(entry.key);
      if (!at || entry.key === node) continue;
      const lettering = { size: SIZE, bold: entry.bold, colour: ground.text, halo: ground.paper };
      const forced = entry.forced || entry.key === pointed.focused;
      yield { x: at.x, y: at.y, radius, text: entry.text, longest: LONGEST, about: entry.about, lettering, forced, below: true };
    }
  }

  /** The whole name of the node under the mouse. */
  *#pointed(key: string, sheet: Sheet, radius: number): Iterable<Named> {
    const at = this.#diagram.placeOf(key);
    const label = sheet.notes.get(key)?.label ?? sheet.nodes.get(key)?.label ?? "";
    const { ground } = this.#diagram;
    const lettering = { size: SIZE, bold: true, colour: ground.text, halo: ground.paper };
    if (at) yield { x: at.x, y: at.y, radius, text: label, longest: 160, about: 0, lettering, forced: true, below: true };
  }

  *#signs(radius: number): Iterable<{ x: number; y: number; radius: number }> {
    if (radius < 3) return;
    for (const { key } of this.#entries ?? []) {
      const at = this.#diagram.placeOf(key);
      if (at) yield { x: at.x, y: at.y, radius };
    }
  }

  /** The links that say what they are: those pointed at and chosen, even upon others; those at what is pointed at and
   * chosen, and all where they are few. */
  #words(
    sheet: Sheet,
    seen: Seen,
    look: Lookout,
    links: ReadonlyMap<string, readonly GEdge[]>,
    pointed: Pointed,
    view: View,
  ): Named[] {
    const told = new Map<string, boolean>(); // forced or not
    const tell = (id: string | null, forced: boolean): void => {
      if (id !== null && seen.edges.has(id) && !told.get(id)) told.set(id, forced);
    };
    tell(pointed.edge, true);
    tell(look.edgeSelected, true);
    for (const key of [pointed.node, pointed.focused, ...(look.selection.size <= 5 ? look.selection : [])]) {
      const own = key === null ? [] : (links.get(key) ?? []);
      if (own.length <= FEW) for (const edge of own) tell(edge.id, false);
    }
    if (look.emphasis.size > 0 && look.emphasis.size <= 3 * FEW) for (const id of look.emphasis) tell(id, false);
    else if (look.emphasis.size === 0 && seen.edges.size <= 12 * FEW) {
      const inView = [...seen.edges].filter((id) => this.#isInView(sheet.edges.get(id), view));
      if (inView.length <= FEW) for (const id of inView) tell(id, false);
    }
    return [...told].flatMap(([id, forced]) => this.#word(sheet.edges.get(id), forced, pointed.node, view));
  }

  #isInView(edge: GEdge | undefined, view: View): boolean {
    const [from, to] = [this.#diagram.placeOf(edge?.start ?? ""), this.#diagram.placeOf(edge?.end ?? "")];
    if (!from || !to) return false;
    const x = ((from.x + to.x) / 2) * view.scale + view.left;
    const y = ((from.y + to.y) / 2) * view.scale + view.top;
    return x > 0 && y > 0 && x < view.width && y < view.height;
  }

  #word(edge: GEdge | undefined, forced: boolean, pointed: string | null, view: View): Named[] {
    const [from, to] = [this.#diagram.placeOf(edge?.start ?? ""), this.#diagram.placeOf(edge?.end ?? "")];
    if (!edge || !from || !to) return [];
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = Math.hypot(dx, dy);
    const isPointed = edge.start === pointed || edge.end === pointed;
    if (length * view.scale < 60 && !forced && !isPointed) return [];
    // The link is a parabola: so far from the straight line in its middle, and from there less on both sides.
    const bow = length > 0 ? (this.#diagram.bowOf(edge.id) * this.#diagram.radius()) / RADIUS / view.scale / length : 0;
    const { ground } = this.#diagram;
    const text = `${linkWord(edge.kind)} ${daysWord(edge.provenance)}`.trim();
    const along = (part: number): Place => {
      const out = 4 * part * (1 - part) * bow;
      return { x: from.x + dx * part + dy * out, y: from.y + dy * part - dx * out };
    };
    return [
      {
        ...along(0.5),
        elsewhere: ALONG.map(along),
        radius: 0,
        text,
        longest: 80,
        about: aboutWidth(text, WORD),
        lettering: { size: WORD, bold: false, colour: ground.quiet, halo: ground.paper },
        forced,
        below: false,
      },
    ];
  }
}

function* both<T>(one: Iterable<T>, other: Iterable<T>): Iterable<T> {
  yield* one;
  yield* other;
}

/** Chosen and asked for first, then what an answer emphasises, then by the number of links, then by key. */
function ranked(sheet: Sheet, seen: Seen, look: Lookout, links: ReadonlyMap<string, readonly GEdge[]>): Entry[] {
  const rank = (key: string): number => {
    if (look.selection.has(key)) return 0;
    if (sheet.asked.has(key)) return 1;
    if (look.emphasis.has(key)) return 2;
    return sheet.notes.has(key) || sheet.pinned.has(key) ? 3 : 4;
  };
  const rows = [...seen.nodes].map((key) => ({ key, rank: rank(key), links: links.get(key)?.length ?? 0 }));
  rows.sort((a, b) => a.rank - b.rank || b.links - a.links || (a.key < b.key ? -1 : 1));
  const fewChosen = look.selection.size <= 30;
  return rows
    .filter((row) => look.emphasis.size === 0 || row.rank < 4)
    .map(({ key, rank: of }) => {
      const label = sheet.notes.get(key)?.label ?? sheet.nodes.get(key)?.label ?? "";
      const forced = (of === 0 && fewChosen) || (of === 1 && sheet.asked.size <= 20);
      return { key, text: label, about: aboutWidth(label, SIZE), bold: of <= 1, forced };
    });
}

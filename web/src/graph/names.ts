// Which names are shown, and where: the most wanted first, none upon another, and the same while the graph is moved.

import type { Place } from "./model.ts";
import type { NameProgram } from "./name_program.ts";
import { type Lettering, shortened, stampOf } from "./text.ts";

/** From the plane of the graph to the canvas: `x * scale + left`, `y * scale + top`. */
export interface View {
  scale: number;
  left: number;
  top: number;
  width: number;
  height: number;
  pixelRatio: number;
}

export interface Named {
  x: number;
  y: number;
  radius: number; // of the sign, pixels
  text: string;
  longest: number; // letters
  about: number; // width of the text, pixels, rather too small
  lettering: Lettering;
  forced: boolean; // shown even upon others
  below: boolean; // under its sign; else upon the point
  elsewhere?: readonly Place[]; // where it may stand as well, the best first
}

const STEP = 8; // pixels of the grid in which room is taken
const MOST = 500;

/** The rooms of the canvas that are taken, in steps of the moved plane: the same rooms wherever the view has gone. */
class Taken {
  readonly #cells: Uint8Array;
  readonly #columns: number;
  readonly #rows: number;
  readonly #left: number;
  readonly #top: number;

  constructor(view: View) {
    this.#left = (((view.left % STEP) + STEP) % STEP) - STEP;
    this.#top = (((view.top % STEP) + STEP) % STEP) - STEP;
    this.#columns = Math.ceil(view.width / STEP) + 2;
    this.#rows = Math.ceil(view.height / STEP) + 2;
    this.#cells = new Uint8Array(this.#columns * this.#rows);
  }

  #span(x: number, y: number, width: number, height: number): [number, number, number, number] {
    const column = (at: number): number => Math.floor((at - this.#left) / STEP);
    const row = (at: number): number => Math.floor((at - this.#top) / STEP);
    return [
      Math.max(0, column(x)),
      Math.max(0, row(y)),
      Math.min(this.#columns - 1, column(x + width - 1)),
      Math.min(this.#rows - 1, row(y + height - 1)),
    ];
  }

  isFree(x: number, y: number, width: number, height: number): boolean {
    const [left, top, right, bottom] = this.#span(x, y, width, height);
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        if (this.#cells[row * this.#columns + column]) return false;
      }
    }
    return true;
  }

  take(x: number, y: number, width: number, height: number): void {
    const [left, top, right, bottom] = this.#span(x, y, width, height);
    for (let row = top; row <= bottom; row += 1) {
      this.#cells.fill(1, row * this.#columns + left, row * this.#columns + right + 1);
    }
  }
}

/** Draws the names, the most wanted first. `signs`: the middles and radii of signs that no name may cover. */
export function drawNames(
  program: NameProgram,
  view: View,
  names: Iterable<Named>,
  signs: Iterable<{ x: number; y: number; radius: number }>,
): void {
  const taken = new Taken(view);
  for (const { x, y, radius } of signs) {
    const [at, down] = [x * view.scale + view.left, y * view.scale + view.top];
    if (at < 0 || down < 0 || at > view.width || down > view.height) continue;
    const reach = radius * 0.8;
    taken.take(at - reach, down - reach, 2 * reach, 2 * reach);
  }
  let drawn = 0;
  /** Whether the name stands there now; `upon`: even upon others. */
  const stands = (named: Named, at: Place, upon: boolean): boolean => {
    const x = at.x * view.scale + view.left;
    const y = at.y * view.scale + view.top;
    if (x < -60 || y < -40 || x > view.width + 60 || y > view.height + 20) return false;
    // Most find no room, and a text is only drawn for one that may.
    const about = 14 + named.about;
    const down = named.below ? y + named.radius * 1.2 : y - 8;
    if (!upon && !taken.isFree(x - about / 2, down + 3, about, 16)) return false;
    const stamp = stampOf(shortened(named.text, named.longest), named.lettering, view.pixelRatio);
    const left = x - stamp.width / 2;
    const top = named.below ? y + named.radius * 1.2 : y - stamp.height / 2;
    const [inner, high] = [stamp.width - 4, stamp.height - 6];
    if (!upon && !taken.isFree(left + 2, top + 3, inner, high)) return false;
    taken.take(left + 2, top + 3, inner, high);
    program.put(stamp, left * view.pixelRatio, top * view.pixelRatio);
    drawn += 1;
    return true;
  };
  for (const named of names) {
    if (drawn >= MOST && !named.forced) continue;
    const { elsewhere, forced } = named;
    if (stands(named, named, forced && !elsewhere) || !elsewhere) continue;
    if (!elsewhere.some((spot) => stands(named, spot, false)) && forced) stands(named, named, true);
  }
  program.draw(Math.round(view.width * view.pixelRatio), Math.round(view.height * view.pixelRatio));
}

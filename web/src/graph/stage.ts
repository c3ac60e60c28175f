// Joins the state and the drawing: feeds it, hears the mouse, runs layouts and writes what came of them back.

import { type Signal, effect, signal, untracked } from "@preact/signals";

import { focused } from "./acts.ts";
import { Arranger, planOf } from "./arranging.ts";
import { apart, changed } from "./differences.ts";
import { Diagram } from "./diagram.ts";
import type { Seen } from "./filtering.ts";
import { type Direction, next } from "./geometry.ts";
import { Labelling } from "./labelling.ts";
import type { Layout } from "./laying.ts";
import { type Lookout, daysOf } from "./looks.ts";
import { EMPTY, type Place, type Sheet } from "./model.ts";
import { type Called, Mouse, NOTHING } from "./mouse.ts";
import type { View } from "./names.ts";
import type { Ground } from "./node_program.ts";
import { readPaint, whenPaintChanges } from "./paint.ts";
import {
  type Drawing,
  type LayoutName,
  asked,
  bands,
  connect,
  edgeSelected,
  emphasis,
  lastStep,
  links,
  move,
  pinned,
  selection,
  sheet,
  styling,
  takeUnsettled,
  visible,
} from "./state.ts";

const FEW = 80; // nodes: up to so many make room for what comes, of more those that are there stay

export interface Heard extends Called {
  problem(text: string): void;
}

export class Stage implements Drawing {
  readonly diagram: Diagram;
  readonly busy: Signal<boolean> = signal(false);
  readonly #mouse: Mouse;
  readonly #labelling: Labelling;
  readonly #arranger = new Arranger();
  readonly #heard: Heard;
  #drawn: Sheet = EMPTY;
  #asked = 0; // layouts
  readonly #ends: (() => void)[] = [];
  #days: { sheet: Sheet; found: ReturnType<typeof daysOf> } = { sheet: EMPTY, found: daysOf(EMPTY) };

  constructor(host: HTMLElement, heard: Heard) {
    this.#heard = heard;
    const plain = { paper: "", text: "", quiet: "", accent: "", warn: "", halo: "" };
    const none = { moving: false, picks: true, params: null, nodes: null, links: [], touched() {} };
    const ground: Ground = { ...none, ...plain };
    readPaint(host, ground);
    this.diagram = new Diagram(host, ground, { lookout: () => this.#lookout() }, (view) => this.#label(view));
    this.#labelling = new Labelling(this.diagram);
    this.#mouse = new Mouse(this.diagram, host, heard, () => this.stop());
    this.#ends.push(() => this.#mouse.kill());
    this.#follow();
    this.#ends.push(
      whenPaintChanges(() => {
        readPaint(host, ground);
        this.#labelling.stale();
        this.diagram.restyle();
        this.diagram.sigma.scheduleRender(); // the ground alone, too
      }),
    );
    const sized = new ResizeObserver(() => this.diagram.sigma.scheduleRender());
    sized.observe(host);
    this.#ends.push(() => sized.disconnect());
    connect(this);
    standing = this;
  }

  kill(): void {
    connect(null);
    standing = null;
    this.#arranger.stop();
    for (const end of this.#ends) end();
    this.diagram.kill();
  }

  #lookout(): Lookout {
    return untracked(() => {
      const now = sheet.value;
      if (styling.value === "date" && this.#days.sheet.edges !== now.edges) {
        this.#days = { sheet: now, found: daysOf(now) };
      }
      return {
        sheet: now,
        selection: selection.value,
        edgeSelected: edgeSelected.value,
        emphasis: emphasis.value,
        focused: focused.value,
        styling: styling.value,
        bands: bands.value,
        ...this.#days.found,
        ground: this.diagram?.ground.paper || "#ffffff",
      };
    });
  }

  /** Every change of the state, drawn. */
  #follow(): void {
    let [chosen, chosenEdge, onKey, banded] = [selection.peek(), edgeSelected.peek(), focused.peek(), bands.peek()];
    this.#ends.push(
      effect(() => {
        const [now, seen] = [sheet.value, visible.value];
        untracked(() => this.#apply(now, seen));
      }),
      effect(() => {
        const stale = [...apart(chosen, selection.value)];
        const edges = [chosenEdge, edgeSelected.value].filter((id) => id !== null);
        [chosen, chosenEdge] = [selection.value, edgeSelected.value];
        this.#labelling.stale();
        untracked(() => this.diagram.restyle(stale, edges));
      }),
      effect(() => {
        void [emphasis.value, styling.value];
        this.#labelling.stale();
        untracked(() => this.diagram.restyle());
      }),
      effect(() => {
        if (styling.value !== "band") return;
        const { came, went, changed: others } = changed(banded, bands.value);
        banded = bands.value;
        untracked(() => this.diagram.restyle([...came, ...went, ...others]));
      }),
      effect(() => {
        const keys = [onKey, focused.value].filter((key) => key !== null);
        onKey = focused.value;
        untracked(() => this.diagram.restyle(keys));
      }),
    );
  }

  #apply(now: Sheet, seen: { nodes: ReadonlySet<string>; edges: ReadonlySet<string> }): void {
    const before = this.#drawn;
    this.#drawn = now;
    this.#labelling.stale();
    const first = before.nodes.size === 0 && now.nodes.size > 0;
    const framed = first ? this.diagram.framing([...seen.nodes].flatMap((key) => now.places.get(key) ?? [])) : null;
    if (framed) void this.diagram.look(framed, true); // before what comes is drawn, so that it is drawn once
    this.diagram.apply(now, seen);
    const fresh = takeUnsettled();
    if (first) {
      if (fresh.length > 1) void this.#lay("force", [], true);
    } else if (fresh.length > 0) void this.#lay("settle", fresh, true);
  }

  #label(canvas: View): void {
    const look = this.#lookout();
    const pointed = { ...(this.#mouse?.over ?? NOTHING), focused: focused.peek() };
    untracked(() => this.#labelling.draw(canvas, look.sheet, visible.value, look, links.value, pointed));
  }

  // -- layouts

  arrange(layout: LayoutName): void {
    void this.#lay(layout, [], false);
  }

  /** `fresh`: what alone may move (`settle`). A layout of what has just come (`ofStep`) is no step of undo. */
  async #lay(layout: Layout, fresh: string[], ofStep: boolean): Promise<void> {
    const [now, seen] = [sheet.peek(), visible.peek()];
    const free = new Set(fresh);
    const fixed = (key: string): boolean =>
      pinned.peek().has(key) || (layout === "settle" && seen.nodes.size > FEW && !free.has(key));
    const roots = selection.peek().size > 0 ? selection.peek() : asked.peek();
    const some = layout === "settle" && seen.nodes.size > FEW ? around(fresh, seen) : seen;
    const plan = planOf(now, some.nodes, some.edges, roots, fixed);
    if (plan.points.length === 0) return;
    const step = ofStep ? lastStep() : null;
    this.busy.value = true;
    this.#asked += 1;
    const asking = this.#asked;
    try {
      if (ofStep) await this.diagram.shown(); // what has come is seen first
      if (this.#asked !== asking) return;
      const on = (places: Map<string, Place>): void => {
        this.diagram.moveLive(places);
        if (layout === "force") void this.diagram.look(this.#framed() ?? {}, true);
      };
      const found = await this.#arranger.ask(layout, plan, on);
      if (!found) return;
      for (const key of found.keys()) if (!sheet.peek().nodes.has(key)) found.delete(key);
      if (!move(found, step)) return this.diagram.dropLive();
      if (layout === "settle" && seen.nodes.size > FEW) this.#reveal(fresh);
      else this.fit();
    } catch (error) {
      this.diagram.dropLive();
      this.#heard.problem(String(error));
    } finally {
      if (this.#asked === asking) this.busy.value = false;
    }
  }

  // -- camera

  #framed(keys: Iterable<string> = visible.peek().nodes) {
    const places: Place[] = [];
    for (const key of keys) {
      const place = this.diagram.placeOf(key);
      if (place) places.push(place);
    }
    return this.diagram.framing(places);
  }

  fit(still = false): void {
    const at = this.#framed();
    if (at) void this.diagram.look(at, still);
  }

  show(keys: Iterable<string>): void {
    const at = this.#framed(keys);
    if (!at) return;
    const { ratio } = this.diagram.sigma.getCamera().getState();
    void this.diagram.look({ ...at, ratio: Math.max(at.ratio, Math.min(ratio, at.ratio * 3)) }, false);
  }

  /** Moves the view no more than needed for these nodes to be in it. */
  #reveal(keys: readonly string[]): void {
    const { width, height } = this.diagram.sigma.getDimensions();
    const out = keys.some((key) => {
      const place = this.diagram.placeOf(key);
      if (!place) return false;
      const { x, y } = this.diagram.toCanvas(place);
      return x < 20 || y < 20 || x > width - 20 || y > height - 40;
    });
    if (out) this.fit();
  }

  zoom(by: number): void {
    const camera = this.diagram.sigma.getCamera();
    const ratio = camera.getBoundedRatio(camera.getState().ratio / by);
    void this.diagram.look({ ratio }, false);
  }

  pan(to: Direction): void {
    const camera = this.diagram.sigma.getCamera();
    const { x, y, ratio } = camera.getState();
    const by = 0.2 * ratio;
    const [dx, dy] = { left: [-by, 0], right: [by, 0], up: [0, by], down: [0, -by] }[to] as [number, number];
    camera.setState({ x: x + dx, y: y + dy });
  }

  /** Ends a layout that is running; what it has moved goes back. */
  stop(): void {
    this.#asked += 1;
    this.#arranger.stop();
    this.busy.value = false;
    this.diagram.dropLive();
  }

  picture(): Promise<Blob> {
    return this.diagram.picture();
  }

  // -- keyboard

  /** The focus goes to the next node in a direction; without a focus to the one nearest to the middle. */
  step(to: Direction): void {
    const key = focused.peek();
    const from = key === null ? undefined : this.diagram.placeOf(key);
    const { nodes: seen } = visible.peek();
    const spots = [...seen].flatMap((node) => {
      const place = this.diagram.placeOf(node);
      return place && node !== key ? [[node, place] as const] : [];
    });
    if (from && key !== null && seen.has(key)) {
      const found = next(from, to, spots);
      if (found !== null) this.focus(found);
      return;
    }
    const { width, height } = this.diagram.sigma.getDimensions();
    const middle = this.diagram.toPlane(width / 2, height / 2);
    const far = ({ x, y }: Place): number => Math.hypot(x - middle.x, y - middle.y);
    const [nearest] = spots.sort((a, b) => far(a[1]) - far(b[1]) || (a[0] < b[0] ? -1 : 1));
    if (nearest) this.focus(nearest[0]);
  }

  focus(key: string): void {
    focused.value = key;
    const place = this.diagram.placeOf(key);
    if (!place) return;
    const { width, height } = this.diagram.sigma.getDimensions();
    const { x, y } = this.diagram.toCanvas(place);
    if (x > 40 && y > 40 && x < width - 40 && y < height - 50) return;
    const framed = this.diagram.framing([place]);
    if (framed) void this.diagram.look({ x: framed.x, y: framed.y }, false);
  }

  /** The nodes within a line on the canvas. */
  within(isInside: (at: Place) => boolean): string[] {
    return [...visible.peek().nodes].filter((key) => {
      const place = this.diagram.placeOf(key);
      return place !== undefined && isInside(this.diagram.toCanvas(place));
    });
  }
}

/** These nodes, their links, and the nodes at their other ends. */
function around(keys: readonly string[], seen: Seen): Seen {
  const found = { nodes: new Set(keys.filter((key) => seen.nodes.has(key))), edges: new Set<string>() };
  for (const key of keys) {
    for (const edge of links.peek().get(key) ?? []) {
      if (!seen.edges.has(edge.id)) continue;
      found.edges.add(edge.id);
      found.nodes.add(edge.start).add(edge.end);
    }
  }
  return found;
}

let standing: Stage | null = null;

/** The stage on the screen, if there is one. */
export function current(): Stage | null {
  return standing;
}

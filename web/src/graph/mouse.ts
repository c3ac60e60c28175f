// The mouse on the canvas: what it points at, chooses, opens and drags.

import { expand, focused, toggle } from "./acts.ts";
import type { Diagram } from "./diagram.ts";
import type { Place } from "./model.ts";
import { edgeSelected, move, selection } from "./state.ts";

const STILL = 3; // pixels: less is no drag

export interface Called {
  menu(x: number, y: number, node: string | null): void;
}

interface Drag {
  key: string;
  from: Place; // on the canvas
  start: Map<string, Place>; // of what is dragged
  moved: boolean;
}

interface Over {
  readonly node: string | null;
  readonly edge: string | null;
}

export const NOTHING: Over = { node: null, edge: null };

export class Mouse {
  readonly #diagram: Diagram;
  readonly #host: HTMLElement;
  readonly #called: Called;
  readonly #seized: () => void;
  #over = NOTHING;
  #drag: Drag | null = null;
  #dragged = false; // swallows the click that ends a drag
  readonly #drop = (): void => this.#end();

  /** `seized`: called when a drag begins. */
  constructor(diagram: Diagram, host: HTMLElement, called: Called, seized: () => void) {
    this.#diagram = diagram;
    this.#host = host;
    this.#called = called;
    this.#seized = seized;
    this.#listen();
  }

  get over(): Over {
    return this.#over;
  }

  kill(): void {
    document.removeEventListener("mouseup", this.#drop);
    document.removeEventListener("touchend", this.#drop);
  }

  #listen(): void {
    const { sigma } = this.#diagram;
    sigma.on("enterNode", ({ node }) => this.#hover({ node, edge: null }));
    sigma.on("leaveNode", () => this.#hover(NOTHING));
    sigma.on("enterEdge", ({ edge }) => this.#hover({ node: null, edge }));
    sigma.on("leaveEdge", () => this.#hover(NOTHING));
    sigma.on("downNode", ({ node, event }) => this.#grab(node, event));
    sigma.on("moveBody", ({ event, preventSigmaDefault }) => {
      if (!this.#drag) return;
      preventSigmaDefault();
      event.original.preventDefault();
      this.#pull(this.#drag, event);
    });
    document.addEventListener("mouseup", this.#drop);
    document.addEventListener("touchend", this.#drop);
    sigma.on("clickNode", ({ node, event }) => {
      if (this.#swallows()) return;
      const { ctrlKey, metaKey } = event.original as MouseEvent;
      focused.value = node;
      edgeSelected.value = null;
      if (ctrlKey || metaKey) toggle(node);
      else selection.value = new Set([node]);
    });
    sigma.on("clickEdge", ({ edge }) => {
      if (this.#swallows()) return;
      edgeSelected.value = edge;
      selection.value = new Set();
    });
    sigma.on("clickStage", () => {
      if (this.#swallows()) return;
      edgeSelected.value = null;
      selection.value = new Set();
    });
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      expand(node);
    });
    sigma.on("doubleClickStage", ({ preventSigmaDefault }) => preventSigmaDefault());
    const menu = (node: string | null, event: { x: number; y: number; original: Event }): void => {
      event.original.preventDefault();
      if (node !== null) {
        focused.value = node;
        if (!selection.peek().has(node)) selection.value = new Set([node]);
      }
      this.#called.menu(event.x, event.y, node);
    };
    sigma.on("rightClickNode", ({ node, event }) => menu(node, event));
    sigma.on("rightClickStage", ({ event }) => menu(null, event));
    sigma.on("rightClickEdge", ({ event }) => menu(null, event));
  }

  #swallows(): boolean {
    const was = this.#dragged;
    this.#dragged = false;
    return was;
  }

  #hover(over: Over): void {
    const both = [this.#over, over];
    this.#over = over;
    this.#host.classList.toggle("points", over.node !== null || over.edge !== null);
    const [nodes, edges] = [both.map(({ node }) => node), both.map(({ edge }) => edge)];
    this.#diagram.rewrite(
      nodes.filter((key) => key !== null),
      edges.filter((id) => id !== null),
    );
  }

  #grab(node: string, event: { x: number; y: number; original: Event }): void {
    if ("button" in event.original && (event.original as MouseEvent).button !== 0) return;
    const keys = selection.peek().has(node) ? [...selection.peek()] : [node];
    const start = new Map<string, Place>();
    for (const key of keys) {
      const place = this.#diagram.placeOf(key);
      if (place) start.set(key, place);
    }
    this.#drag = { key: node, from: { x: event.x, y: event.y }, start, moved: false };
  }

  #pull(drag: Drag, { x, y }: Place): void {
    if (!drag.moved && Math.hypot(x - drag.from.x, y - drag.from.y) < STILL) return;
    if (!drag.moved) this.#seized();
    drag.moved = true;
    const { scale } = this.#diagram.view();
    const [dx, dy] = [(x - drag.from.x) / scale, (y - drag.from.y) / scale];
    this.#diagram.moveLive(new Map([...drag.start].map(([key, at]) => [key, { x: at.x + dx, y: at.y + dy }])));
  }

  #end(): void {
    const drag = this.#drag;
    this.#drag = null;
    if (!drag?.moved) return;
    this.#dragged = true;
    setTimeout(() => (this.#dragged = false), 50);
    const places = new Map<string, Place>();
    for (const key of drag.start.keys()) {
      const place = this.#diagram.placeOf(key);
      if (place) places.set(key, place);
    }
    move(places);
  }
}

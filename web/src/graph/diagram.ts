// The drawing of a sheet with Sigma: fed by differences, looked at through a camera, asked what lies under a point.

import { MultiDirectedGraph } from "graphology";
import type Sigma from "sigma";
import type { CameraState } from "sigma/types";

import { apart, bows, changed, isGreat } from "./differences.ts";
import { edgeProgram } from "./edge_program.ts";
import type { Seen } from "./filtering.ts";
import { type Lookout, RADIUS, edgeLook, nodeLook } from "./looks.ts";
import { EMPTY, type Place, type Sheet } from "./model.ts";
import { NameProgram } from "./name_program.ts";
import type { View } from "./names.ts";
import { type Ground, nodeProgram } from "./node_program.ts";
import { contextOf, makeSigma } from "./one_canvas.ts";
import { parsed } from "./styling.ts";

const PLANE = 1000; // units of the graph that the camera shows at ratio 1
const PADDING = 0;
const BOW = 15;
const PIECES = 10;
const REST = 200; // ms without a change: then all is drawn, and what lies under the mouse is known again

type Graph = MultiDirectedGraph<Place & { x: number; y: number }, { bow: number }>;

/** What the drawing needs to know when it draws: the state as it is then. */
export interface Source {
  lookout(): Lookout;
}

export class Diagram {
  readonly sigma: Sigma;
  readonly ground: Ground;
  readonly names: NameProgram;
  #graph: Graph = emptyGraph();
  #sheet: Sheet = EMPTY;
  #seen: Seen = { nodes: new Set(), edges: new Set() };
  #bows: ReadonlyMap<string, number> = new Map();
  #look: Lookout;
  readonly #source: Source;
  #unit = 0.7; // pixels of a unit at ratio 1
  #resting: ReturnType<typeof setTimeout> | undefined;
  #frame = 0; // when the last frame was drawn while things move
  readonly #end: () => void;
  #live = new Set<string>(); // nodes that a layout or a drag moves ahead of the sheet

  /** `write`: called in every frame when all but the names is drawn. */
  constructor(host: HTMLElement, ground: Ground, source: Source, write: () => void) {
    this.ground = ground;
    this.#source = source;
    this.#look = source.lookout();
    this.sigma = makeSigma(this.#graph, host, ground, {
      allowInvalidContainer: true,
      renderLabels: false,
      renderEdgeLabels: false,
      enableEdgeEvents: true,
      zIndex: false,
      stagePadding: PADDING,
      minEdgeThickness: 1,
      minCameraRatio: 0.15,
      maxCameraRatio: 60,
      inertiaDuration: 0,
      doubleClickZoomingRatio: 1,
      defaultNodeType: "sign",
      defaultEdgeType: "line",
      nodeProgramClasses: { sign: nodeProgram(ground) },
      edgeProgramClasses: { line: edgeProgram(ground, 1), bow: edgeProgram(ground, PIECES) },
      defaultDrawNodeHover: () => {},
      zoomToSizeRatioFunction: (ratio) => 1 / this.#sizing(ratio),
      nodeReducer: (key, at) => this.#nodeDrawn(key, at as Place),
      edgeReducer: (key, at) => this.#edgeDrawn(key, at as { bow: number }),
    });
    this.sigma.setCustomBBox({ x: [-PLANE / 2, PLANE / 2], y: [-PLANE / 2, PLANE / 2] });
    this.names = new NameProgram(contextOf(this.sigma));
    this.clearTo(ground.paper);
    // Sigma draws nodes before links; on one canvas the nodes come last, and the names upon them.
    this.sigma.on("afterRender", () => {
      if (!ground.params || !this.#graph.order) return;
      for (const program of ground.nodePrograms) program.renderNow(ground.params);
      write();
    });
    this.sigma.on("afterRender", () => this.#drawn());
    this.sigma.on("resize", () => this.#measure());
    this.sigma.getCamera().on("updated", () => this.#stir(true));
    const pressed = (): void => this.#settle();
    host.addEventListener("pointerdown", pressed, true);
    this.#end = () => host.removeEventListener("pointerdown", pressed, true);
    this.#measure();
  }

  #measure(): void {
    const { width, height } = this.sigma.getDimensions();
    this.#unit = Math.max(1, Math.min(width, height) - 2 * PADDING) / PLANE;
    [this.ground.moving, this.ground.picks] = [false, true]; // what is picked from has another size
  }

  /** Signs grow and shrink less than the plane, as long as neighbours stay apart. */
  #sizing(ratio: number): number {
    const unit = this.#unit / ratio;
    return Math.max(0.12, Math.min(1.35, unit < 1 ? Math.min(unit ** 0.42, unit * 3.1) : unit ** 0.3));
  }

  /** While the camera, a layout or what is there changes nothing is picked; when all rests, it is drawn once more. */
  #stir(camera: boolean): void {
    if (camera) this.ground.moving = true;
    this.ground.picks = false;
    clearTimeout(this.#resting);
  }

  /** The rest begins with a frame: where frames are slow, the time between two of them is none. */
  #drawn(): void {
    clearTimeout(this.#resting);
    const now = performance.now();
    const took = this.#frame > 0 ? now - this.#frame : 0;
    this.#frame = this.ground.picks ? 0 : now;
    if (this.ground.picks) return;
    this.#resting = setTimeout(() => {
      [this.ground.moving, this.ground.picks] = [false, true];
      this.sigma.scheduleRender();
    }, Math.max(REST, Math.min(5 * REST, 2 * took)));
  }

  /** Who presses the mouse means what is seen: it is made known before the press is heard. */
  #settle(): void {
    if (this.ground.picks) return;
    [this.ground.moving, this.ground.picks] = [false, true];
    this.sigma.refresh({ partialGraph: { nodes: [], edges: [] }, skipIndexation: this.#isIndexed() });
  }

  #nodeDrawn(key: string, at: Place): Record<string, unknown> {
    const node = this.#sheet.nodes.get(key);
    if (!node || !this.#seen.nodes.has(key)) return { ...at, hidden: true };
    return { ...at, hidden: false, ...nodeLook(node, this.#look) };
  }

  #edgeDrawn(id: string, at: { bow: number }): Record<string, unknown> {
    const edge = this.#sheet.edges.get(id);
    const type = at.bow === 0 ? "line" : "bow";
    if (!edge || !this.#seen.edges.has(id)) return { hidden: true, type };
    return { hidden: false, type, ...edgeLook(edge, at.bow, this.#look) };
  }

  /** Draws what has changed, in the next frame. */
  apply(sheet: Sheet, seen: Seen): void {
    const [before, seenBefore] = [this.#sheet, this.#seen];
    this.#sheet = sheet;
    this.#seen = seen;
    this.#look = this.#source.lookout();
    if (before.edges !== sheet.edges) this.#bows = bows(sheet.edges.values(), BOW);
    if (isGreat(before, sheet)) {
      this.#stir(false);
      this.#graph = this.#whole();
      this.sigma.setGraph(this.#graph);
      return;
    }
    const nodes = changed(before.nodes, sheet.nodes);
    const edges = changed(before.edges, sheet.edges);
    const graph = this.#graph;
    for (const id of edges.went) if (graph.hasEdge(id)) graph.dropEdge(id);
    for (const key of nodes.went) if (graph.hasNode(key)) graph.dropNode(key);
    for (const key of nodes.came) graph.addNode(key, spot(sheet.places.get(key)));
    for (const id of edges.came) this.#addEdge(graph, id);
    const rebowed = before.edges === sheet.edges ? [] : this.#rebow();
    const moved = changed(before.places, sheet.places).changed.filter((key) => graph.hasNode(key));
    for (const key of moved) this.#put(key, sheet.places.get(key) as Place);
    const stale = new Set([...nodes.changed, ...moved, ...apart(seenBefore.nodes, seen.nodes)]);
    const staleEdges = new Set([...edges.changed, ...apart(seenBefore.edges, seen.edges)]);
    for (const part of ["pinned", "asked", "notes"] as const) {
      const change = changed<unknown>(before[part], sheet[part]);
      for (const key of [...change.came, ...change.went, ...change.changed]) stale.add(key);
    }
    for (const key of moved) for (const id of graph.hasNode(key) ? graph.edges(key) : []) staleEdges.add(id);
    const structural = nodes.came.length + nodes.went.length + edges.came.length + edges.went.length + rebowed.length;
    this.#refresh(
      [...stale].filter((key) => graph.hasNode(key)),
      [...staleEdges, ...rebowed].filter((id) => graph.hasEdge(id)),
      structural === 0,
    );
  }

  /** Selection, emphasis, styling or colours have changed: these nodes and links are drawn anew, or all. */
  restyle(keys?: Iterable<string>, ids?: Iterable<string>): void {
    this.#look = this.#source.lookout();
    const nodes = keys === undefined ? this.#graph.nodes() : [...keys].filter((key) => this.#graph.hasNode(key));
    const edges = new Set(keys === undefined ? this.#graph.edges() : []);
    if (keys !== undefined) {
      for (const key of nodes) for (const id of this.#graph.edges(key)) edges.add(id);
      for (const id of ids ?? []) if (this.#graph.hasEdge(id)) edges.add(id);
    }
    this.#refresh(nodes, [...edges], true);
  }

  /** `same`: neither what is there nor the kind of its drawing has changed, so that it is written over in place. */
  #refresh(nodes: string[], edges: string[], same: boolean): void {
    if (nodes.length + edges.length === 0 && same) return;
    this.#stir(false);
    this.sigma.refresh({ partialGraph: { nodes, edges }, skipIndexation: same && this.#isIndexed(), schedule: true });
  }

  #isIndexed(): boolean {
    return !(this.sigma as unknown as { needToProcess: boolean }).needToProcess;
  }

  #whole(): Graph {
    const graph = emptyGraph();
    for (const key of this.#sheet.nodes.keys()) graph.addNode(key, spot(this.#sheet.places.get(key)));
    for (const id of this.#sheet.edges.keys()) this.#addEdge(graph, id);
    return graph;
  }

  #addEdge(graph: Graph, id: string): void {
    const edge = this.#sheet.edges.get(id);
    if (!edge || !graph.hasNode(edge.start) || !graph.hasNode(edge.end)) return;
    graph.addEdgeWithKey(id, edge.start, edge.end, { bow: this.#bows.get(id) ?? 0 });
  }

  /** The links whose neighbours between the same nodes came or went. */
  #rebow(): string[] {
    const found: string[] = [];
    for (const [id, bow] of this.#bows) {
      if (!this.#graph.hasEdge(id)) continue;
      const at = this.#graph.getEdgeAttributes(id);
      if (at.bow === bow) continue;
      at.bow = bow;
      found.push(id);
    }
    return found;
  }

  #put(key: string, place: Place): void {
    const at = this.#graph.getNodeAttributes(key) as { x: number; y: number };
    at.x = place.x;
    at.y = -place.y;
  }

  /** Where nodes are while they are dragged or laid out; the sheet hears of it at the end. */
  moveLive(places: ReadonlyMap<string, Place>): void {
    const edges = new Set<string>();
    const moved: string[] = [];
    for (const [key, place] of places) {
      if (!this.#graph.hasNode(key)) continue;
      this.#put(key, place);
      moved.push(key);
      this.#live.add(key);
      if (places.size < 500) for (const id of this.#graph.edges(key)) edges.add(id);
    }
    this.#refresh(moved, places.size < 500 ? [...edges] : this.#graph.edges(), true);
  }

  /** Back to where the sheet has them. */
  dropLive(): void {
    const back = new Map<string, Place>();
    for (const key of this.#live) {
      const place = this.#sheet.places.get(key);
      if (place) back.set(key, place);
    }
    this.moveLive(back);
    this.#live.clear();
  }

  bowOf(id: string): number {
    return this.#bows.get(id) ?? 0;
  }

  placeOf(key: string): Place | undefined {
    if (!this.#graph.hasNode(key)) return undefined;
    const at = this.#graph.getNodeAttributes(key);
    return { x: at.x, y: -at.y };
  }

  /** The plane on the canvas as it is drawn now. */
  view(): View {
    const origin = this.sigma.graphToViewport({ x: 0, y: 0 });
    const far = this.sigma.graphToViewport({ x: 1000, y: -1000 });
    const { width, height } = this.sigma.getDimensions();
    const scale = (far.x - origin.x) / 1000;
    return { scale, left: origin.x, top: origin.y, width, height, pixelRatio: window.devicePixelRatio || 1 };
  }

  radius(): number {
    return this.sigma.scaleSize(RADIUS);
  }

  toPlane(x: number, y: number): Place {
    const at = this.sigma.viewportToGraph({ x, y });
    return { x: at.x, y: -at.y };
  }

  toCanvas(place: Place): Place {
    return this.sigma.graphToViewport({ x: place.x, y: -place.y });
  }

  /** The camera that shows these places whole, with room around them; never nearer than at the signs' own size. */
  framing(places: Iterable<Place>, room = 48): CameraState | null {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { x, y } of places) {
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
    if (left > right) return null;
    const { width, height } = this.sigma.getDimensions();
    const scale = Math.min(
      1.25,
      Math.max(80, width - 2 * room) / Math.max(1, right - left),
      Math.max(80, height - 2 * room) / Math.max(1, bottom - top),
    );
    const middle = { x: 0.5 + (left + right) / 2 / PLANE, y: 0.5 - (top + bottom) / 2 / PLANE };
    return { ...middle, angle: 0, ratio: this.#unit / scale };
  }

  async look(at: Partial<CameraState>, still: boolean): Promise<void> {
    const camera = this.sigma.getCamera();
    if (still || matchMedia("(prefers-reduced-motion: reduce)").matches) camera.setState(at);
    else await camera.animate(at, { duration: 220, easing: "quadraticOut" });
  }

  /** What is seen, as a PNG. */
  picture(): Promise<Blob> {
    [this.ground.moving, this.ground.picks] = [false, true];
    this.sigma.refresh();
    const drawn = this.sigma.getCanvases()["edges"] as HTMLCanvasElement;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [drawn.width, drawn.height];
    (canvas.getContext("2d") as CanvasRenderingContext2D).drawImage(drawn, 0, 0); // before the frame ends and it is gone
    return new Promise((done, failed) =>
      canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"),
    );
  }

  /** The colour of the ground. */
  clearTo(colour: string): void {
    const [r, g, b] = parsed(colour).map((part) => part / 255) as [number, number, number];
    contextOf(this.sigma).clearColor(r, g, b, 1);
  }

  kill(): void {
    clearTimeout(this.#resting);
    this.#end();
    this.sigma.kill();
  }
}

function emptyGraph(): Graph {
  return new MultiDirectedGraph({ allowSelfLoops: true });
}

/** Sigma's plane has up above; the sheet's, as a page, below. */
function spot(place: Place | undefined): { x: number; y: number } {
  return { x: place?.x ?? 0, y: -(place?.y ?? 0) };
}

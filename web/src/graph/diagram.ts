// The drawing of a sheet with Sigma: fed by differences, looked at through a camera, asked what lies under a point.

import { MultiDirectedGraph } from "graphology";
import type Sigma from "sigma";
import type { CameraState } from "sigma/types";

import { apart, bows, changed, isGreat } from "./differences.ts";
import { edgeProgram } from "./edge_program.ts";
import type { Seen } from "./filtering.ts";
import { type Lookout, RADIUS, edgeLook, nodeLook } from "./looks.ts";
import { EMPTY, type GEdge, type Place, type Sheet } from "./model.ts";
import { NameProgram } from "./name_program.ts";
import type { View } from "./names.ts";
import { type Ground, nodeProgram } from "./node_program.ts";
import { appendTo, contextOf, makeSigma } from "./one_canvas.ts";
import { Painter } from "./painting.ts";
import { MARGIN, type Rectangle } from "./shifting.ts";

const PLANE = 1000; // units of the graph that the camera shows at ratio 1
const PADDING = 0;
const BOW = 15;
const PIECES = 10;
const LONGEST = 1000; // ms for a frame
const SOME = 400; // nodes and links: where more change, all is drawn anew

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
  #bows = new Map<string, number>();
  #look: Lookout;
  readonly #source: Source;
  #unit = 0.7; // pixels of a unit at ratio 1
  readonly #painter: Painter;
  readonly #end: () => void;
  #live = new Set<string>(); // nodes that a layout or a drag moves ahead of the sheet

  /** `write`: called whenever all but the names is drawn, with the view of the whole canvas. */
  constructor(host: HTMLElement, ground: Ground, source: Source, write: (view: View) => void) {
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
    this.sigma.refresh(); // what comes is measured by it
    this.names = new NameProgram(contextOf(this.sigma));
    const size = (): number => (this.#graph.order === 0 ? 0 : this.#graph.order + this.#graph.size);
    this.#painter = new Painter(this.sigma, ground, { size, spans: () => this.#spans(), write });
    this.sigma.on("resize", () => this.#measure());
    const pressed = (): void => this.#painter.settle();
    host.addEventListener("pointerdown", pressed, true);
    this.#end = () => host.removeEventListener("pointerdown", pressed, true);
    this.#measure();
  }

  #measure(): void {
    const { width, height } = this.sigma.getDimensions();
    this.#unit = Math.max(1, Math.min(width, height) - 2 * PADDING) / PLANE;
    this.#painter.rest(); // what is picked from has another size
  }

  /** Signs grow and shrink less than the plane, as long as neighbours stay apart. */
  #sizing(ratio: number): number {
    const unit = this.#unit / ratio;
    return Math.max(0.12, Math.min(1.35, unit < 1 ? Math.min(unit ** 0.42, unit * 3.1) : unit ** 0.3));
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
    if (isGreat(before, sheet)) {
      this.#bows = bows(sheet.edges.values(), BOW);
      this.#painter.stir(false);
      this.#painter.arrive();
      this.#graph = this.#whole();
      this.sigma.setGraph(this.#graph);
      return;
    }
    const nodes = changed(before.nodes, sheet.nodes);
    const edges = changed(before.edges, sheet.edges);
    const graph = this.#graph;
    for (const id of edges.went) if (graph.hasEdge(id)) graph.dropEdge(id);
    for (const key of nodes.went) if (graph.hasNode(key)) graph.dropNode(key);
    const rebowed = edges.came.length + edges.went.length > 0 ? this.#rebow(before, edges) : [];
    if (nodes.came.length + edges.came.length > 0) this.#add(nodes.came, edges.came);
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
    for (const key of nodes.came) stale.delete(key); // drawn as they came
    for (const id of edges.came) staleEdges.delete(id);
    const others = [...stale].filter((key) => graph.hasNode(key));
    const otherEdges = [...staleEdges, ...rebowed].filter((id) => graph.hasEdge(id));
    if (others.length + otherEdges.length > 0) this.#refresh(others, otherEdges, structural === 0);
    else if (structural > 0) this.#painter.stir(false);
  }

  /** Selection, emphasis, styling or colours have changed: these nodes and links are drawn anew, or all. */
  restyle(keys?: Iterable<string>, ids?: Iterable<string>): void {
    this.#look = this.#source.lookout();
    if (keys === undefined) return this.#refresh(this.#graph.nodes(), this.#graph.edges(), true);
    const nodes = [...keys].filter((key) => this.#graph.hasNode(key));
    const edges = this.#linked(nodes, ids);
    if (nodes.length + edges.length === 0) return;
    this.#painter.changing(this.#where(nodes, edges), () => this.#refresh(nodes, edges, true));
  }

  /** What is written at these nodes and links has changed. */
  rewrite(keys: Iterable<string>, ids: Iterable<string>): void {
    const nodes = [...keys].filter((key) => this.#graph.hasNode(key));
    const edges = this.#linked(nodes, ids);
    if (nodes.length + edges.length === 0) return;
    this.#painter.changing(this.#where(nodes, edges), () => this.sigma.scheduleRender());
  }

  /** The links at these nodes, and those. */
  #linked(nodes: readonly string[], ids: Iterable<string> = []): string[] {
    const found = new Set<string>();
    for (const key of nodes) for (const id of this.#graph.edges(key)) found.add(id);
    for (const id of ids) if (this.#graph.hasEdge(id)) found.add(id);
    return [...found];
  }

  /** Where they are on the plane; null where they are many. */
  #where(nodes: readonly string[], edges: readonly string[]): Rectangle | null {
    if (nodes.length + edges.length > SOME) return null;
    const keys = new Set(nodes);
    for (const id of edges) for (const end of this.#graph.extremities(id)) keys.add(end);
    return this.#spans(keys);
  }

  /** `same`: neither what is there nor the kind of its drawing has changed, so that it is written over in place. */
  #refresh(nodes: string[], edges: string[], same: boolean, live = false): void {
    if (nodes.length + edges.length === 0 && same) return;
    this.#painter.stir(false, live);
    this.sigma.refresh({ partialGraph: { nodes, edges }, skipIndexation: same && this.#painter.isIndexed(), schedule: true });
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

  #add(nodes: readonly string[], edges: readonly string[]): void {
    const graph = this.#graph;
    const known = this.#painter.isIndexed();
    this.#painter.adding(() => {
      for (const key of nodes) graph.addNode(key, spot(this.#sheet.places.get(key)));
      for (const id of edges) this.#addEdge(graph, id);
      if (known) appendTo(this.sigma, nodes, edges.filter((id) => graph.hasEdge(id)));
    });
  }

  /** How far links stand aside now that some came or went between the same nodes: those of the others that it changes. */
  #rebow(before: Sheet, { came, went }: { came: string[]; went: string[] }): string[] {
    const graph = this.#graph;
    const touched = new Map<string, GEdge>();
    for (const id of came) touched.set(id, this.#sheet.edges.get(id) as GEdge);
    for (const id of [...came, ...went]) {
      const { start, end } = (this.#sheet.edges.get(id) ?? before.edges.get(id)) as GEdge;
      if (!graph.hasNode(start) || !graph.hasNode(end)) continue;
      for (const other of graph.edges(start, end)) touched.set(other, this.#sheet.edges.get(other) as GEdge);
    }
    for (const id of went) this.#bows.delete(id);
    const found: string[] = [];
    for (const [id, bow] of bows(touched.values(), BOW)) {
      this.#bows.set(id, bow);
      if (!graph.hasEdge(id)) continue;
      const at = graph.getEdgeAttributes(id);
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
    this.#refresh(moved, places.size < 500 ? [...edges] : this.#graph.edges(), true, true);
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

  /** The plane on the stage as it is drawn now. */
  view(): View {
    return this.#painter.view();
  }

  #spans(keys: Iterable<string> = this.#graph.nodes()): Rectangle | null {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const key of keys) {
      const { x, y } = this.#graph.getNodeAttributes(key);
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, -y), Math.max(bottom, -y)];
    }
    return left > right ? null : { left, top, right, bottom };
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

  /** Until what is asked of the screen now is seen: drawn in the next frame, and by the graphics card too. */
  async shown(): Promise<void> {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    const gl = contextOf(this.sigma);
    const drawn = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!drawn) return; // a context that was lost
    gl.flush();
    const end = performance.now() + LONGEST;
    while (gl.getSyncParameter(drawn, gl.SYNC_STATUS) !== gl.SIGNALED && performance.now() < end) {
      await new Promise((done) => setTimeout(done, 8));
    }
    gl.deleteSync(drawn);
  }

  /** What is seen, as a PNG. */
  picture(): Promise<Blob> {
    this.#painter.rest();
    this.sigma.refresh();
    const drawn = this.sigma.getCanvases()["edges"] as HTMLCanvasElement;
    const canvas = document.createElement("canvas");
    const beyond = MARGIN * (drawn.width / parseFloat(drawn.style.width));
    [canvas.width, canvas.height] = [drawn.width - 2 * beyond, drawn.height - 2 * beyond];
    (canvas.getContext("2d") as CanvasRenderingContext2D).drawImage(drawn, -beyond, -beyond);
    return new Promise((done, failed) =>
      canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"),
    );
  }

  kill(): void {
    this.#painter.kill();
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

// Sigma on one canvas instead of seven. Without a graphics card laying canvases over each other costs more in every frame
// than all that is drawn on them; so links, nodes and names share one, which is opaque besides. It reaches beyond the
// stage on all sides and keeps what was drawn, so that it can be moved as it is (`painting.ts`).

import type Graph from "graphology-types";
import Sigma from "sigma";
import type { NodeProgramType } from "sigma/rendering";
import type { Settings } from "sigma/settings";
import type { RenderParams } from "sigma/types";

import type { Ground } from "./node_program.ts";
import { MARGIN } from "./shifting.ts";

type Canvas2d = Pick<CanvasRenderingContext2D, "clearRect" | "scale">;

interface Room {
  capacity: number;
  reallocate(capacity: number): void;
}

/** What of Sigma's inside is changed here; no part of what it promises, so a test of the browser watches over it. */
interface Inner {
  elements: Record<string, HTMLCanvasElement>;
  webGLContexts: Record<string, WebGL2RenderingContext>;
  canvasContexts: Record<string, Canvas2d>;
  frameBuffers: Record<string, WebGLFramebuffer>;
  settings: Settings;
  width: number;
  height: number;
  pixelRatio: number;
  hoveredNode: string | null;
  hoveredEdge: string | null;
  needToProcess: boolean;
  graph: Graph;
  nodeDataCache: Record<string, { type: string }>;
  edgeDataCache: Record<string, { type: string }>;
  nodePrograms: Record<string, Room>;
  edgePrograms: Record<string, Room>;
  nodeIndices: Record<string, number>;
  edgeIndices: Record<string, number>;
  itemIDsIndex: Record<number, { type: "node" | "edge"; id: string }>;
  addNodeToProgram(node: string, index: number, position: number): void;
  addEdgeToProgram(edge: string, index: number, position: number): void;
  createWebGLContext(id: string, options?: object): WebGL2RenderingContext;
  createCanvasContext(id: string, options?: object): Inner;
  registerNodeProgram(key: string, type: NodeProgramType, hover?: NodeProgramType): Inner;
  registerEdgeProgram(key: string, type: unknown): Inner;
  resetWebGLTexture(id: string): Inner;
  getNodeAtPosition(at: { x: number; y: number }): string | null;
  getEdgeAtPoint(x: number, y: number): string | null;
  refresh(options?: object): Inner;
  resize(force?: boolean): Inner;
  clear(): Inner;
  renderHighlightedNodes(): void;
}

const Base = Sigma as unknown as new (graph: Graph, host: HTMLElement, settings: Partial<Settings>) => Inner;

/** In the place of a program that draws a hovered node anew. */
class Nothing {
  reallocate(): void {}
  process(): void {}
  render(_params: RenderParams): void {}
  kill(): void {}
}

class OneCanvas extends Base {
  static making: Ground; // of the one that is being made, which draws before it is
  declare own: Ground | undefined;

  override createWebGLContext(id: string, options: object = {}): WebGL2RenderingContext {
    const first = this.elements["edges"];
    if (first) this.elements[id] = first;
    const shared = first ? { canvas: first } : {};
    const kept = { alpha: false, depth: false, preserveDrawingBuffer: true };
    return super.createWebGLContext(id, { ...options, ...shared, ...kept });
  }

  /** Of Sigma's flat layers only the one that hears the mouse. */
  override createCanvasContext(id: string, options: object = {}): Inner {
    if (id === "mouse") return super.createCanvasContext(id, options);
    this.elements[id] = document.createElement("canvas");
    this.canvasContexts[id] = { clearRect() {}, scale() {} };
    return this;
  }

  override registerNodeProgram(key: string, type: NodeProgramType): Inner {
    if (key !== this.settings.defaultNodeType) return this; // Sigma's own, which are not used
    return super.registerNodeProgram(key, type, Nothing as unknown as NodeProgramType);
  }

  override registerEdgeProgram(key: string, type: unknown): Inner {
    return key === "line" || key === "bow" ? super.registerEdgeProgram(key, type) : this;
  }

  override resize(force = false): Inner {
    const [width, height] = [this.width, this.height];
    super.resize(force);
    if (!force && width === this.width && height === this.height) return this;
    const canvas = this.elements["edges"] as HTMLCanvasElement;
    const [wide, high] = [this.width + 2 * MARGIN, this.height + 2 * MARGIN];
    canvas.width = wide * this.pixelRatio;
    canvas.height = high * this.pixelRatio;
    Object.assign(canvas.style, {
      width: `${wide}px`,
      height: `${high}px`,
      left: `${-MARGIN}px`,
      top: `${-MARGIN}px`,
      transformOrigin: "0 0",
    });
    groundOf(this).touched();
    return this;
  }

  override refresh(options?: object): Inner {
    groundOf(this).touched();
    return super.refresh(options);
  }

  /** What is drawn and what is picked from is cleared by who draws it anew. */
  override clear(): Inner {
    return this;
  }

  override resetWebGLTexture(_id: string): Inner {
    return this;
  }

  /** Nodes and links that have come to the graph and of which Sigma knows, behind those that are drawn: Sigma would go
   * through all that is there. */
  append(nodes: readonly string[], edges: readonly string[]): void {
    let index = this.graph.order + this.graph.size - nodes.length - edges.length; // they are numbered from 1
    const room = (program: Room | undefined): number => {
      if (!program) throw new Error("a kind of drawing that there is not");
      program.reallocate(program.capacity + 1);
      return program.capacity - 1;
    };
    for (const id of nodes) {
      index += 1;
      this.nodeIndices[id] = index;
      this.itemIDsIndex[index] = { type: "node", id };
      this.addNodeToProgram(id, index, room(this.nodePrograms[this.nodeDataCache[id]?.type ?? ""]));
    }
    for (const id of edges) {
      index += 1;
      this.edgeIndices[id] = index;
      this.itemIDsIndex[index] = { type: "edge", id };
      this.addEdgeToProgram(id, index, room(this.edgePrograms[this.edgeDataCache[id]?.type ?? ""]));
    }
    this.needToProcess = false;
  }

  /** What is picked from, empty and as large as the canvas is now. */
  renew(): void {
    for (const id of ["edges", "nodes"]) super.resetWebGLTexture(id);
  }

  /** While nothing is picked, what lay under the mouse does: to ask the graphics card would be to wait for it. Sigma counts
   * from the lower end of the canvas, which is beyond that of the stage. */
  override getNodeAtPosition({ x, y }: { x: number; y: number }): string | null {
    return groundOf(this).picks ? super.getNodeAtPosition({ x, y: y + 2 * MARGIN }) : this.hoveredNode;
  }

  override getEdgeAtPoint(x: number, y: number): string | null {
    return groundOf(this).picks ? super.getEdgeAtPoint(x, y + 2 * MARGIN) : this.hoveredEdge;
  }

  override renderHighlightedNodes(): void {}
}

function groundOf(of: OneCanvas): Ground {
  return of.own ?? OneCanvas.making;
}

export function makeSigma(graph: Graph, host: HTMLElement, ground: Ground, settings: Partial<Settings>): Sigma {
  OneCanvas.making = ground;
  const made = new OneCanvas(graph, host, { enableCameraRotation: false, ...settings }); // two fingers spread, and turn nothing
  made.own = ground;
  return made as unknown as Sigma;
}

/** The one context that all is drawn with. */
export function contextOf(sigma: Sigma): WebGL2RenderingContext {
  return (sigma as unknown as Inner).webGLContexts["edges"] as WebGL2RenderingContext;
}

/** See `append`. */
export function appendTo(sigma: Sigma, nodes: readonly string[], edges: readonly string[]): void {
  (sigma as unknown as OneCanvas).append(nodes, edges);
}

/** Makes what is picked from anew; what is to be picked is then drawn into it. */
export function renewPicks(sigma: Sigma): void {
  (sigma as unknown as OneCanvas).renew();
}

// Sigma on one canvas instead of seven. Without a graphics card laying canvases over each other costs more in every frame
// than all that is drawn on them; so links, nodes and names share one, which is opaque besides.

import type Graph from "graphology-types";
import Sigma from "sigma";
import type { NodeProgramType } from "sigma/rendering";
import type { Settings } from "sigma/settings";
import type { RenderParams } from "sigma/types";

import type { Ground } from "./node_program.ts";

type Canvas2d = Pick<CanvasRenderingContext2D, "clearRect" | "scale">;

/** What of Sigma's inside is changed here; no part of what it promises, so a test of the browser watches over it. */
interface Inner {
  elements: Record<string, HTMLCanvasElement>;
  webGLContexts: Record<string, WebGL2RenderingContext>;
  canvasContexts: Record<string, Canvas2d>;
  settings: Settings;
  createWebGLContext(id: string, options?: object): WebGL2RenderingContext;
  createCanvasContext(id: string, options?: object): Inner;
  registerNodeProgram(key: string, type: NodeProgramType, hover?: NodeProgramType): Inner;
  registerEdgeProgram(key: string, type: unknown): Inner;
  resetWebGLTexture(id: string): Inner;
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
    return super.createWebGLContext(id, { ...options, ...shared, alpha: false, depth: false });
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

  /** While things move nothing is picked, and what is picked from need not be made anew. */
  override resetWebGLTexture(id: string): Inner {
    return (this.own ?? OneCanvas.making).picks ? super.resetWebGLTexture(id) : this;
  }

  override renderHighlightedNodes(): void {}
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

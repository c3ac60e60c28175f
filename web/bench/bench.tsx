// The canvas alone on a graph that is made here, for measuring (`bench/page.py`). No part of the built page.

import { render } from "preact";

import { Canvas } from "../src/graph/canvas.tsx";
import { current } from "../src/graph/stage.ts";
import * as state from "../src/graph/state.ts";
import "../src/style.css";
import "./bench.css";
import { made, neighboursOf } from "./made.ts";

const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));

/** Until what was asked for is on the screen: drawn, and by the graphics card too. */
async function drawn(): Promise<void> {
  await frame();
  await frame();
  for (const name of ["edges"]) {
    const gl = (document.querySelector(`.sigma-${name}`) as HTMLCanvasElement).getContext("webgl2");
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }
}

const bench = {
  state,
  made,
  current,

  async draw(count: number): Promise<number> {
    state.clear();
    await drawn();
    const answer = made(count);
    const start = performance.now();
    state.add(answer);
    await drawn();
    return performance.now() - start;
  },

  stop(): void {
    current()?.stop();
  },

  /** Until the layout that follows is done; answers in how many ms. */
  async rest(): Promise<number> {
    const start = performance.now();
    while (current()?.busy.peek()) await new Promise((done) => setTimeout(done, 50));
    await drawn();
    return performance.now() - start;
  },

  /** Frames in a second while the view is moved with the mouse's own steps. */
  async pan(frames: number): Promise<number> {
    const camera = current()?.diagram.sigma.getCamera();
    if (!camera) return 0;
    const { x, y, ratio } = camera.getState();
    await frame();
    const start = performance.now();
    for (let at = 1; at <= frames; at += 1) {
      camera.setState({ x: x + Math.sin(at / 5) * 0.1 * ratio, y: y + Math.cos(at / 5) * 0.1 * ratio });
      await frame();
    }
    await drawn();
    return (frames * 1000) / (performance.now() - start);
  },

  /** What an expansion takes once its answer is there: state, history, drawing. */
  async expand(count: number): Promise<number> {
    const key = [...state.nodes.peek().keys()][3] as string;
    const answer = neighboursOf(key, count);
    const start = performance.now();
    state.add(answer, key);
    await drawn();
    return performance.now() - start;
  },

  async select(count: number): Promise<number> {
    const start = performance.now();
    state.selection.value = new Set([...state.nodes.peek().keys()].slice(0, count));
    await drawn();
    return performance.now() - start;
  },
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
render(<Canvas />, document.getElementById("app") as HTMLElement);

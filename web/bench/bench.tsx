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
  const gl = (document.querySelector(".sigma-edges") as HTMLCanvasElement).getContext("webgl2");
  gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

/** Until nothing moves and all is drawn as it stays. */
async function still(): Promise<void> {
  const rests = (): boolean => current()?.diagram.ground.picks ?? true;
  await drawn();
  do await new Promise((done) => setTimeout(done, 100));
  while (!rests());
  await drawn();
}

const bench = {
  state,
  made,
  current,
  still,

  expanded: 0, // each expansion brings nodes of its own

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

  /** Frames in a second while the view is moved along a circle of `across` pixels, once around in `seconds`, and the
   * longest wait for a frame. `near`: how many times nearer than with all in view. */
  async pan(seconds: number, across: number, near: number): Promise<{ fps: number; longest: number }> {
    const diagram = current()?.diagram;
    if (!diagram) return { fps: 0, longest: 0 };
    current()?.fit(true);
    const camera = diagram.sigma.getCamera();
    camera.setState({ ratio: camera.getState().ratio / near });
    await still(); // as before somebody moves it
    const { x, y } = camera.getState();
    const plane = diagram.view().scale * 1000; // pixels of one unit of the camera
    const reach = across / 2 / plane;
    const start = performance.now();
    let [frames, last, longest] = [0, start, 0];
    for (let now = start; now < start + seconds * 1000; frames += 1) {
      const way = ((now - start) / (seconds * 1000)) * 2 * Math.PI;
      camera.setState({ x: x + Math.sin(way) * reach, y: y + (1 - Math.cos(way)) * reach });
      await frame();
      now = performance.now();
      [last, longest] = [now, Math.max(longest, now - last)];
    }
    await drawn();
    return { fps: (frames * 1000) / (performance.now() - start), longest };
  },

  /** What an expansion takes once its answer is there: state, history, list, until the frame with what has come is on the
   * screen. Names follow when all rests. */
  async expand(count: number): Promise<number> {
    current()?.fit(true);
    await still();
    const key = [...state.nodes.peek().keys()][3] as string;
    this.expanded += 1;
    const answer = neighboursOf(`${key}`, count, this.expanded);
    const start = performance.now();
    state.add(answer, key);
    await drawn();
    return performance.now() - start;
  },

  async select(count: number): Promise<number> {
    state.selection.value = new Set();
    await still();
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

// What is drawn in a frame: all, what has come, or nothing, where the picture that is there is moved instead. When all
// rests everything is drawn once more as it should be, and what lies under the mouse is made out.

import type Sigma from "sigma";
import type { RenderParams } from "sigma/types";

import type { View } from "./names.ts";
import type { Ground } from "./node_program.ts";
import { contextOf, renewPicks } from "./one_canvas.ts";
import { MARGIN, type Rectangle, type Shift, type Shown, covers, isStill, joined, patch, shiftOf, widened } from "./shifting.ts";
import { parsed } from "./styling.ts";

const REST = 200; // ms without a change
const MANY = 800; // nodes and links: so many are not drawn in each frame while the view moves

export interface Board {
  size(): number; // nodes and links
  spans(): Rectangle | null; // of all nodes, on the plane
  write(view: View): void; // the names, when all else is drawn, with the view of the whole canvas
}

export class Painter {
  readonly #sigma: Sigma;
  readonly #ground: Ground;
  readonly #board: Board;
  #shown: (Shown & { fine: boolean }) | null = null; // what the canvas shows; null: not what is there
  #came = false; // but for what has come since
  #changed: Rectangle | null = null; // and for what lies there, on the plane
  #picked: View | null = null;
  #live = false; // nodes are moved
  #resting: ReturnType<typeof setTimeout> | undefined;
  #busy: { sync: WebGLSync | null; since: number; until: number } = { sync: null, since: 0, until: 0 };
  #frame = 0; // when the last frame was drawn while things move

  constructor(sigma: Sigma, ground: Ground, board: Board) {
    this.#sigma = sigma;
    this.#ground = ground;
    this.#board = board;
    ground.touched = () => this.touch();
    sigma.on("afterRender", () => this.#draw());
    sigma.getCamera().on("updated", () => this.stir(true));
  }

  /** What is drawn is no longer what is there. */
  touch(): void {
    this.#shown = null;
    this.#picked = null;
  }

  /** `act` changes how nodes and links are drawn that lie within `where`, and nothing else; null: anywhere. */
  changing(where: Rectangle | null, act: () => void): void {
    const shown = this.#shown;
    act();
    this.#shown = where && shown;
    this.#changed = where && joined(this.#changed, where);
  }

  /** `act` adds nodes and links and changes nothing else: they are drawn upon what is there. */
  adding(act: () => void): void {
    const shown = this.#shown;
    act();
    this.#shown = shown;
    this.#came = true;
  }

  /** While the camera, a layout or what is there changes nothing is picked; when all rests, it is drawn once more. */
  stir(camera: boolean, live = false): void {
    if (camera) this.#ground.moving = true;
    this.#live = live;
    this.#ground.picks = false;
    clearTimeout(this.#resting);
  }

  /** The view has gone to where it stays, before what is drawn there. */
  arrive(): void {
    this.#ground.moving = false;
  }

  /** All is drawn as it should be in the next frame. */
  rest(): void {
    [this.#ground.moving, this.#ground.picks, this.#live] = [false, true, false];
  }

  /** Who presses the mouse means what is seen: it is made known before the press is heard. */
  settle(): void {
    if (this.#isPicked()) return;
    (this.#sigma as unknown as { render(): void }).render(); // to where the camera is
    if (!this.#ground.params || this.#board.size() === 0) return;
    this.#ground.picks = true;
    if (!this.#isPicked()) this.#pick(this.#ground.params, this.view());
  }

  /** Rest may have been called for and its frame not have come. */
  #isPicked(): boolean {
    return this.#ground.picks && this.#picked !== null && isSame(this.#picked, this.view());
  }

  isIndexed(): boolean {
    return !(this.#sigma as unknown as { needToProcess: boolean }).needToProcess;
  }

  /** The plane on the stage as it is drawn now. */
  view(): View {
    const origin = this.#sigma.graphToViewport({ x: 0, y: 0 });
    const far = this.#sigma.graphToViewport({ x: 1000, y: -1000 });
    const { width, height } = this.#sigma.getDimensions();
    const scale = (far.x - origin.x) / 1000;
    return { scale, left: origin.x, top: origin.y, width, height, pixelRatio: window.devicePixelRatio || 1 };
  }

  #draw(): void {
    const { params } = this.#ground;
    if (params && this.#board.size() > 0) this.#picture(params);
    else {
      this.#clear();
      this.#move({ x: 0, y: 0, scale: 1 });
      this.touch();
    }
    this.#wait();
  }

  #picture(params: RenderParams): void {
    const { moving, picks } = this.#ground;
    const now = this.view();
    const shown = this.#shown;
    const shift = shown && shiftOf(shown.view, now);
    const many = this.#board.size() > MANY;
    const mends = this.#came || this.#changed !== null;
    if (!shown || !shift || (mends && !many) || (picks && !(shown.fine && isStill(shift)))) this.#all(params, now, many);
    else if (isStill(shift)) {
      this.#move(shift);
      if (this.#changed && !this.#mend(params, now, this.#changed)) this.#all(params, now, many);
      if (this.#came) this.#more(params);
    } else if (moving && many && !mends && (covers(shown, shift) || this.#isBusy())) this.#move(shift);
    else this.#all(params, now, many);
    if (picks && !this.#isPicked()) this.#pick(params, now);
  }

  #all(params: RenderParams, now: View, many: boolean): void {
    const { moving, picks, links, nodes } = this.#ground;
    const margin = picks || (moving && many) ? MARGIN : 0;
    const thin = many && !picks && (moving || this.#live);
    const gl = contextOf(this.#sigma);
    this.#clear();
    if (margin === 0) {
      const { width, height, pixelRatio: by } = now;
      gl.enable(gl.SCISSOR_TEST);
      gl.scissor(Math.round(MARGIN * by), Math.round(MARGIN * by), Math.round(width * by), Math.round(height * by));
    }
    const wide = broad(params);
    for (const program of links) program.paint(wide, thin);
    nodes?.paint(wide, thin);
    this.#board.write(widened(now));
    gl.disable(gl.SCISSOR_TEST);
    this.#move({ x: 0, y: 0, scale: 1 });
    [this.#came, this.#changed] = [false, null];
    if (moving && many) this.#watch();
    const whole = this.#isWhole(now, margin);
    this.#shown = { view: now, margin, whole, fine: !thin && (whole || margin === MARGIN) };
  }

  /** Whether the picture before is still being drawn, or has been for less time than that took: so a view that is moved
   * farther than a picture reaches is never more than half the time without a frame. */
  #isBusy(): boolean {
    const { sync, since, until } = this.#busy;
    const now = performance.now();
    if (!sync) return now < until;
    const gl = contextOf(this.#sigma);
    if (gl.getSyncParameter(sync, gl.SYNC_STATUS) !== gl.SIGNALED) return true;
    gl.deleteSync(sync);
    this.#busy = { sync: null, since, until: now + (now - since) };
    return true;
  }

  #watch(): void {
    const gl = contextOf(this.#sigma);
    gl.deleteSync(this.#busy.sync);
    this.#busy = { sync: gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0), since: performance.now(), until: 0 };
    gl.flush();
  }

  /** What lies there is drawn anew; false where that is so much that all is. */
  #mend(params: RenderParams, now: View, where: Rectangle): boolean {
    const { picks, links, nodes } = this.#ground;
    const found = patch(where, now);
    if (!found) return false;
    const gl = contextOf(this.#sigma);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(found.x, found.y, found.width, found.height);
    this.#clear();
    const wide = broad(params);
    for (const program of links) program.paint(wide, false);
    nodes?.paint(wide, false);
    this.#board.write(widened(now));
    gl.disable(gl.SCISSOR_TEST);
    [this.#came, this.#changed] = [false, null];
    if (this.#shown && !picks) this.#shown = { ...this.#shown, fine: false };
    return true;
  }

  /** Upon what is there, without names; in its right order and with them it is drawn when all rests. */
  #more(params: RenderParams): void {
    const wide = broad(params);
    for (const program of this.#ground.links) program.add(wide);
    this.#ground.nodes?.add(wide);
    this.#came = false;
    if (this.#shown) this.#shown = { ...this.#shown, fine: false, whole: false };
  }

  #pick(params: RenderParams, now: View): void {
    renewPicks(this.#sigma);
    for (const program of this.#ground.links) program.pick(params);
    this.#ground.nodes?.pick(params);
    this.#picked = now;
  }

  #isWhole({ scale, left, top, width, height }: View, margin: number): boolean {
    const spans = this.#board.spans();
    if (!spans) return false;
    const [aside, below] = [100, 50]; // a name
    return (
      spans.left * scale + left > aside - margin &&
      spans.right * scale + left < width + margin - aside &&
      spans.top * scale + top > below - margin &&
      spans.bottom * scale + top < height + margin - below
    );
  }

  #clear(): void {
    const gl = contextOf(this.#sigma);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    const [r, g, b] = parsed(this.#ground.paper || "#ffffff").map((part) => part / 255) as [number, number, number];
    gl.clearColor(r, g, b, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  #move(shift: Shift): void {
    const canvas = this.#sigma.getCanvases()["edges"] as HTMLCanvasElement;
    const { x, y, scale } = shift;
    const by = isStill(shift) ? "" : `translate(${x}px, ${y}px)${scale === 1 ? "" : ` scale(${scale})`}`;
    if (canvas.style.transform !== by) canvas.style.transform = by;
  }

  /** The rest begins with a frame: where frames are slow, the time between two of them is none. */
  #wait(): void {
    clearTimeout(this.#resting);
    const now = performance.now();
    const took = this.#frame > 0 ? now - this.#frame : 0;
    this.#frame = this.#ground.picks ? 0 : now;
    if (this.#ground.picks) return;
    this.#resting = setTimeout(() => {
      this.rest();
      this.#sigma.scheduleRender();
    }, Math.max(REST, Math.min(5 * REST, 2 * took)));
  }

  kill(): void {
    clearTimeout(this.#resting);
  }
}

function isSame(one: View, other: View): boolean {
  const shift = shiftOf(one, other);
  return shift !== null && one.left === other.left && one.top === other.top && shift.scale === 1;
}

/** For a canvas that reaches beyond the stage on each side. */
function broad(params: RenderParams): RenderParams {
  const [width, height] = [params.width + 2 * MARGIN, params.height + 2 * MARGIN];
  const [across, down] = [params.width / width, params.height / height];
  const matrix = params.matrix.map((part, at) => (at % 3 === 0 ? part * across : at % 3 === 1 ? part * down : part));
  return { ...params, width, height, matrix: matrix as RenderParams["matrix"] };
}

// Programs of Sigma send all they draw to the graphics card in every frame, and draw all of it; here what has changed is
// sent, and of what is drawn only what has come may be drawn.

import type { Program, ProgramInfo } from "sigma/rendering";
import type { RenderParams } from "sigma/types";

/** What may be asked of the programs of nodes and links. */
export interface Drawn {
  paint(params: RenderParams, thin: boolean): void;
  add(params: RenderParams): void; // what has come since it was painted
  pick(params: RenderParams): void;
}

interface Inner {
  array: Float32Array;
  capacity: number;
  verticesCount: number;
  VERTICES: number;
  STRIDE: number; // numbers of an item
  ATTRIBUTES: { name: string }[];
  bindAttribute(attribute: { name: string }, program: ProgramInfo, offset: number): number;
  bindProgram(program: ProgramInfo): void;
  renderProgram(params: RenderParams, program: ProgramInfo): void;
  unbindProgram(program: ProgramInfo): void;
}

/** What of a program's array lies at the graphics card, and what of it has been drawn. All of its programs read one
 * buffer. */
export class Kept {
  readonly #of: Inner;
  #held = 0; // numbers of the array at the graphics card
  #stale = { from: Infinity, to: 0 }; // items that are not there as they are now
  #drawn = 0; // items
  #first = 0; // that is drawn now

  constructor(of: Pick<Program, "array" | "normalProgram" | "pickProgram">) {
    this.#of = of as unknown as Inner;
    if (of.pickProgram) of.pickProgram.buffer = of.normalProgram.buffer;
  }

  /** Room for so many items; those that are there stay. */
  reallocate(capacity: number): void {
    const of = this.#of;
    const needed = capacity * of.STRIDE;
    if (needed > of.array.length || needed * 8 < of.array.length) {
      const array = new Float32Array(Math.ceil(needed * 1.25));
      array.set(of.array.subarray(0, Math.min(needed, of.array.length)));
      of.array = array;
    }
    of.capacity = capacity;
    of.verticesCount = of.VERTICES * capacity;
  }

  /** An item has changed. */
  touch(item: number): void {
    const { from, to } = this.#stale;
    this.#stale = { from: Math.min(from, item), to: Math.max(to, item + 1) };
  }

  /** `bindProgram` of a program without instances. */
  bind(program: ProgramInfo): void {
    const { gl, buffer } = program;
    const { array, ATTRIBUTES, STRIDE } = this.#of;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    let offset = 0;
    for (const attribute of ATTRIBUTES) offset += this.#of.bindAttribute(attribute, program, offset);
    const { from, to } = this.#stale;
    if (this.#held !== array.length) gl.bufferData(gl.ARRAY_BUFFER, array, gl.DYNAMIC_DRAW);
    else if (from < to) {
      const changed = array.subarray(from * STRIDE, to * STRIDE);
      gl.bufferSubData(gl.ARRAY_BUFFER, from * STRIDE * array.BYTES_PER_ELEMENT, changed);
    }
    this.#held = array.length;
    this.#stale = { from: Infinity, to: 0 };
    gl.bindBuffer(gl.ARRAY_BUFFER, null);
  }

  /** Draws all items, or those from the `from`-th. */
  paint(params: RenderParams, program: ProgramInfo, from = 0): void {
    const { capacity } = this.#of;
    this.#first = from;
    this.#drawn = capacity;
    if (from >= capacity) return;
    program.gl.viewport(0, 0, params.width * params.pixelRatio, params.height * params.pixelRatio);
    this.#run(params, program);
  }

  add(params: RenderParams, program: ProgramInfo): void {
    this.paint(params, program, this.#drawn);
  }

  pick(params: RenderParams, program: ProgramInfo | null): void {
    if (!program || this.#of.capacity === 0) return;
    this.#first = 0;
    const pixelRatio = params.pixelRatio / params.downSizingRatio;
    program.gl.viewport(0, 0, params.width * pixelRatio, params.height * pixelRatio);
    this.#run({ ...params, pixelRatio }, program);
  }

  #run(params: RenderParams, program: ProgramInfo): void {
    this.#of.bindProgram(program);
    this.#of.renderProgram(params, program);
    this.#of.unbindProgram(program);
  }

  /** `drawWebGL`: of the items that were asked for. */
  draw(method: number, { gl, frameBuffer }: ProgramInfo): void {
    const { VERTICES, verticesCount } = this.#of;
    gl.bindFramebuffer(gl.FRAMEBUFFER, frameBuffer);
    gl.drawArrays(method, this.#first * VERTICES, verticesCount - this.#first * VERTICES);
  }
}

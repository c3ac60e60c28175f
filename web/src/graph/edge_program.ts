// Draws the links: a strip each, solid for a fact, dashed for an assessment, bowed where several join the same two nodes,
// with a head where the direction is not told by the kinds of its ends.

import type Sigma from "sigma";
import { EdgeProgram, type EdgeProgramType, type ProgramInfo } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "sigma/types";

import { type Drawn, Kept } from "./kept_buffers.ts";
import type { Ground } from "./node_program.ts";

export interface EdgeLook extends EdgeDisplayData {
  ink: number;
  bow: number; // how far its middle stands aside, in the unit of sizes
  dashed: boolean;
  directed: boolean;
  strength: number;
}

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_ink;
attribute vec2 a_start;
attribute vec2 a_end;
attribute float a_size;
attribute float a_bow;
attribute float a_dashed;
attribute float a_head;
attribute float a_strength;
attribute float a_column;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
uniform float u_thinnest;
varying vec4 v_ink;
varying float v_side;
varying float v_half;
varying float v_along;
varying float v_dash;

void main() {
  // Its place on the link in one number: piece, + 16 on the one side, + 32 at the foot of the head, + 64 at its tip.
  float head = floor(a_column / 32.0);
  float side = mod(floor(a_column / 16.0), 2.0) * 2.0 - 1.0;
  float share = mod(a_column, 16.0) / PIECES;
  float px = 2.0 * u_correctionRatio;
  float thick = max(a_size / u_sizeRatio, u_thinnest);
  vec2 way = a_end - a_start;
  float stretch = max(length(way), 1e-9);
  float lengthPx = stretch / px;
  vec2 aside = vec2(-way.y, way.x) / stretch;
  vec2 middle = (a_start + a_end) * 0.5 + aside * a_bow / u_sizeRatio * px * 2.0;

  float cut = a_head > 0.0 ? (a_head / u_sizeRatio + 1.5) / lengthPx : 0.0;
  float tip = max(0.0, 1.0 - cut);
  float headPx = a_head > 0.0 ? 5.0 + thick * 2.5 : 0.0;
  float base = max(0.0, tip - headPx / lengthPx);

  float t = head < 0.5 ? share * base : (head < 1.5 ? base : tip);
  float wide = head < 0.5 ? thick * 0.5 + 0.5 : (head < 1.5 ? headPx * 0.5 : 0.0);
  vec2 at = mix(mix(a_start, middle, t), mix(middle, a_end, t), t);
  vec2 along = mix(middle - a_start, a_end - middle, t);
  vec2 across = vec2(-along.y, along.x) / max(length(along), 1e-9);
  if (a_size <= 0.0) wide = 0.0;
  #ifdef THIN
  wide = 0.0;
  #endif
  gl_Position = vec4((u_matrix * vec3(at + across * side * wide * px, 1)).xy, 0, 1);

  v_side = side * wide;
  v_half = head < 0.5 ? thick * 0.5 : 1000.0;
  v_along = t * lengthPx;
  v_dash = head < 0.5 && a_dashed > 0.5 ? 4.0 + thick * 1.5 : 0.0;
  #ifdef PICKING_MODE
  v_ink = a_id;
  v_ink.a *= 255.0 / 254.0;
  #else
  v_ink = vec4(a_ink.rgb, 1.0) * a_strength;
  #endif
}
`;

const FRAGMENT = `
precision highp float;
varying vec4 v_ink;
varying float v_side;
varying float v_half;
varying float v_along;
varying float v_dash;

void main(void) {
  #ifdef PICKING_MODE
  gl_FragColor = v_ink;
  #elif defined(THIN)
  if (v_dash > 0.5 && mod(v_along, v_dash * 1.7) > v_dash) discard;
  gl_FragColor = v_ink;
  #else
  float cover = clamp(v_half + 0.5 - abs(v_side), 0.0, 1.0);
  if (v_dash > 0.5) {
    float at = mod(v_along, v_dash * 1.7);
    cover *= clamp(min(at + 0.5, v_dash + 0.5 - at), 0.0, 1.0);
  }
  gl_FragColor = v_ink * cover;
  #endif
}
`;

const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGL2RenderingContext;
const UNIFORMS = ["u_matrix", "u_sizeRatio", "u_correctionRatio", "u_thinnest"] as const;

/** The corners of the triangles that make a link, as `a_column` has them. */
function corners(pieces: number): number[] {
  const found: number[] = [];
  for (let piece = 0; piece < pieces; piece += 1) {
    const [left, right] = [piece, piece + 1];
    found.push(left, left + 16, right, left + 16, right, right + 16);
  }
  return [...found, pieces + 32, pieces + 16 + 32, pieces + 64];
}

/** Which corners of which links lie along them: two for each piece, for lines a pixel wide. */
function along(links: number, pieces: number, each: number): Uint32Array {
  const found = new Uint32Array(links * pieces * 2);
  for (let link = 0; link < links; link += 1) {
    for (let piece = 0; piece < pieces; piece += 1) {
      const at = (link * pieces + piece) * 2;
      found[at] = link * each + piece * 6;
      found[at + 1] = link * each + piece * 6 + 2;
    }
  }
  return found;
}

/** `pieces`: of how many straight pieces a link is made; 1 for a straight one. */
export function edgeProgram(ground: Ground, pieces: number): EdgeProgramType {
  const points = corners(pieces);
  const width = 12; // numbers of a corner
  return class extends EdgeProgram<(typeof UNIFORMS)[number]> implements Drawn {
    readonly #kept = new Kept(this);
    readonly #thin: ProgramInfo;
    readonly #indices: WebGLBuffer;
    #indexed = 0; // links
    #isThin = false;

    constructor(gl: WebGLRenderingContext, pickingBuffer: WebGLFramebuffer | null, renderer: Sigma) {
      super(gl, pickingBuffer, renderer);
      const thin = "#define THIN\n";
      this.#thin = this.getProgramInfo("normal", gl, thin + this.VERTEX_SHADER_SOURCE, thin + FRAGMENT, null);
      this.#thin.buffer = this.normalProgram.buffer;
      this.#indices = gl.createBuffer() as WebGLBuffer;
      ground.links.push(this);
    }

    getDefinition() {
      return {
        VERTICES: points.length,
        VERTEX_SHADER_SOURCE: `#define PIECES ${pieces}.0\n${VERTEX}`,
        FRAGMENT_SHADER_SOURCE: FRAGMENT,
        METHOD: TRIANGLES,
        UNIFORMS,
        ATTRIBUTES: [
          { name: "a_start", size: 2, type: FLOAT },
          { name: "a_end", size: 2, type: FLOAT },
          { name: "a_size", size: 1, type: FLOAT },
          { name: "a_ink", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_bow", size: 1, type: FLOAT },
          { name: "a_dashed", size: 1, type: FLOAT },
          { name: "a_head", size: 1, type: FLOAT },
          { name: "a_strength", size: 1, type: FLOAT },
          { name: "a_column", size: 1, type: FLOAT },
        ],
      };
    }

    override processVisibleItem(
      id: number,
      start: number,
      source: NodeDisplayData,
      target: NodeDisplayData,
      data: EdgeDisplayData,
    ): void {
      const look = data as EdgeLook;
      const head = look.directed ? target.size * 1.15 : 0;
      const to = this.array;
      to[start] = source.x;
      to[start + 1] = source.y;
      to[start + 2] = target.x;
      to[start + 3] = target.y;
      to[start + 4] = look.size;
      to[start + 5] = look.ink;
      to[start + 6] = id;
      to[start + 7] = look.bow;
      to[start + 8] = look.dashed ? 1 : 0;
      to[start + 9] = head;
      to[start + 10] = look.strength;
      for (let corner = 0; corner < points.length; corner += 1) {
        const at = start + corner * width;
        if (corner > 0) to.copyWithin(at, start, start + 11);
        to[at + 11] = points[corner] as number;
      }
    }

    override reallocate(capacity: number): void {
      this.#kept.reallocate(capacity);
    }

    override process(
      index: number,
      offset: number,
      source: NodeDisplayData,
      target: NodeDisplayData,
      data: EdgeDisplayData,
    ): void {
      super.process(index, offset, source, target, data);
      this.#kept.touch(offset);
    }

    protected override bindProgram(program: ProgramInfo): void {
      this.#kept.bind(program);
    }

    override drawWebGL(method: number, program: ProgramInfo): void {
      if (!this.#isThin) return this.#kept.draw(method, program);
      const { gl } = program;
      gl.bindFramebuffer(gl.FRAMEBUFFER, program.frameBuffer);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#indices);
      if (this.#indexed < this.capacity) {
        gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, along(this.capacity, pieces, points.length), gl.STATIC_DRAW);
        this.#indexed = this.capacity;
      }
      gl.drawElements(gl.LINES, this.capacity * pieces * 2, gl.UNSIGNED_INT, 0);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, null);
    }

    override setUniforms(params: RenderParams, { gl, uniformLocations, isPicking }: ProgramInfo): void {
      gl.uniformMatrix3fv(uniformLocations["u_matrix"] ?? null, false, params.matrix);
      gl.uniform1f(uniformLocations["u_sizeRatio"] ?? null, params.sizeRatio);
      gl.uniform1f(uniformLocations["u_correctionRatio"] ?? null, params.correctionRatio);
      // A thin line is hard to hit; where one picks, it is wider.
      gl.uniform1f(uniformLocations["u_thinnest"] ?? null, isPicking ? 7 : params.minEdgeThickness);
    }

    override render(params: RenderParams): void {
      ground.params = params;
    }

    /** `thin`: as lines a pixel wide without heads, for a picture that is soon followed by another. */
    paint(params: RenderParams, thin: boolean): void {
      this.#isThin = thin;
      this.#kept.paint(params, thin ? this.#thin : this.normalProgram);
      this.#isThin = false;
    }

    add(params: RenderParams): void {
      this.#kept.add(params, this.normalProgram);
    }

    pick(params: RenderParams): void {
      this.#kept.pick(params, this.pickProgram);
    }
  } as unknown as EdgeProgramType;
}

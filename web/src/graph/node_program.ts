// Draws the nodes: a square each, filled from the atlas of signs, with the ring of what was asked for, the selection's,
// and small marks. One call of the graphics card for all of them.

import type Sigma from "sigma";
import { NodeProgram, type NodeProgramType, type ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";

import { CELL, COLUMNS, REACH, drawAtlas, rows } from "./atlas.ts";
import { type Drawn, Kept } from "./kept_buffers.ts";
import { parsed } from "./styling.ts";

export const ASKED = 1;
export const SELECTED = 2;
export const PINNED = 4;
export const NOTED = 8;
export const FOCUSED = 16;

/** What the programs read besides the nodes and links, and what is asked of them. */
export interface Ground {
  moving: boolean; // the camera moves
  picks: boolean; // all rests, and what lies under the mouse is known; not while things move
  touched(): void; // Sigma has been given something to draw
  params: RenderParams | null; // of the frame that is being drawn
  nodes: Drawn | null;
  links: Drawn[];
  paper: string;
  text: string;
  quiet: string;
  accent: string;
  warn: string;
  halo: string; // of what was asked for
}

/** How a node is drawn; `ink` is a packed colour (`packed`). */
export interface NodeLook extends NodeDisplayData {
  ink: number;
  cell: number;
  flags: number;
  strength: number; // 1, or less where others are emphasised
}

const bytes = new Uint8Array(4);
const asFloat = new Float32Array(bytes.buffer);
const packs = new Map<string, number>();

/** `#rrggbb` as the float that four bytes of a vertex are read from. */
export function packed(colour: string): number {
  let found = packs.get(colour);
  if (found === undefined) {
    bytes.set([...parsed(colour), 254]); // 255 would be a number that is none
    found = asFloat[0] as number;
    packs.set(colour, found);
  }
  return found;
}

// A point of the graphics card's own for each node, and no drawing by instances: without a graphics card an instance costs
// as much as a call.
// How far the square of a node goes, by its marks.
const REACH_OF = `
#define REACH_OF(flags) (flags > 0.5 ? (flags > 15.5 ? 2.5 : 2.05) : ${REACH.toFixed(2)})
`;

const VERTEX = `${REACH_OF}
attribute vec4 a_id;
attribute vec4 a_ink;
attribute vec2 a_position;
attribute float a_size;
attribute float a_cell;
attribute float a_flags;
attribute float a_strength;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
varying vec4 v_ink;
varying vec4 v_sign; // column and row in the atlas, flags, pixels of a radius

void main() {
  float px = a_size / u_sizeRatio * u_pixelRatio;
  float reach = REACH_OF(a_flags);
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  gl_PointSize = a_size > 0.0 ? 2.0 * reach * px : 0.0;
  if (a_size <= 0.0) gl_Position = vec4(2, 2, 2, 1);
  v_sign = vec4(mod(a_cell, ${COLUMNS}.0), floor(a_cell / ${COLUMNS}.0), a_flags, px);
  #ifdef PICKING_MODE
  v_ink = a_id;
  v_ink.a *= 255.0 / 254.0;
  #else
  v_ink = vec4(a_ink.rgb, a_strength);
  #endif
}
`;

const FRAGMENT = `${REACH_OF}
precision highp float;
varying vec4 v_ink;
varying vec4 v_sign; // column and row in the atlas, flags, pixels of a radius
uniform sampler2D u_atlas;
uniform vec3 u_paper;
uniform vec3 u_text;
uniform vec3 u_accent;
uniform vec3 u_warn;
uniform vec3 u_halo;

vec4 over(vec4 above, vec4 below) { return above + below * (1.0 - above.a); }

vec4 disc(vec2 at, float radius, vec3 colour) {
  float cover = clamp((radius - length(at)) * v_sign.w + 0.5, 0.0, 1.0);
  return vec4(colour, 1.0) * cover;
}

vec4 ring(vec2 at, float radius, float thick, vec3 colour) {
  float cover = clamp((thick * 0.5 - abs(length(at) - radius)) * v_sign.w + 0.5, 0.0, 1.0);
  return vec4(colour, 1.0) * cover;
}

void main(void) {
  vec2 v_at = (gl_PointCoord * 2.0 - 1.0) * REACH_OF(v_sign.z);
  #ifdef PICKING_MODE
  gl_FragColor = length(v_at) > 1.2 ? vec4(0.0) : v_ink;
  #else
  vec4 drawn = vec4(0.0);
  vec2 inside = abs(v_at);
  if (max(inside.x, inside.y) < ${(REACH - 0.06).toFixed(2)}) {
    vec2 uv = (v_sign.xy + 0.5 + v_at * ${(0.5 / REACH).toFixed(5)}) / vec2(${COLUMNS}.0, ${rows()}.0);
    vec4 mask = texture2D(u_atlas, uv);
    drawn = vec4(v_ink.rgb * mask.r + u_paper * mask.g, min(1.0, mask.r + mask.g));
  }
  if (v_sign.z > 0.5) {
    vec4 marks = mod(floor((v_sign.z + 0.5) / vec4(1.0, 2.0, 4.0, 8.0)), 2.0);
    vec4 behind = vec4(0.0);
    if (marks.x > 0.5) behind = over(ring(v_at, 1.55, 0.14, u_text), disc(v_at, 1.55, u_halo));
    if (marks.y > 0.5) behind = over(ring(v_at, 1.84, 0.24, u_accent), behind);
    drawn = over(drawn, behind);
    vec2 pin = v_at - vec2(1.0, -1.0);
    if (marks.z > 0.5) drawn = over(over(disc(pin, 0.3, u_paper), disc(pin, 0.46, u_text)), drawn);
    vec2 note = v_at - vec2(-1.0, -1.0);
    if (marks.w > 0.5) drawn = over(over(disc(note, 0.3, u_warn), disc(note, 0.46, u_paper)), drawn);
    if (v_sign.z > 15.5) drawn = over(drawn, ring(v_at, 2.2, 0.26, u_accent));
  }
  gl_FragColor = drawn * v_ink.a;
  #endif
}
`;

const { FLOAT, UNSIGNED_BYTE, POINTS } = WebGL2RenderingContext;
const UNIFORMS = [
  "u_matrix",
  "u_sizeRatio",
  "u_pixelRatio",
  "u_atlas",
  "u_paper",
  "u_text",
  "u_accent",
  "u_warn",
  "u_halo",
] as const;

const atlases = new WeakMap<WebGLRenderingContext | WebGL2RenderingContext, WebGLTexture>();

function atlasOf(gl: WebGL2RenderingContext): WebGLTexture {
  const known = atlases.get(gl);
  if (known) return known;
  const texture = gl.createTexture() as WebGLTexture;
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, drawAtlas());
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAX_LOD, Math.log2(CELL / 8));
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  atlases.set(gl, texture);
  return texture;
}

export function nodeProgram(ground: Ground): NodeProgramType {
  return class extends NodeProgram<(typeof UNIFORMS)[number]> implements Drawn {
    readonly #kept = new Kept(this);
    override drawLabel = undefined;
    override drawHover = undefined;

    constructor(gl: WebGLRenderingContext, pickingBuffer: WebGLFramebuffer | null, renderer: Sigma) {
      super(gl, pickingBuffer, renderer);
      ground.nodes = this;
    }

    getDefinition() {
      return {
        VERTICES: 1,
        VERTEX_SHADER_SOURCE: VERTEX,
        FRAGMENT_SHADER_SOURCE: FRAGMENT,
        METHOD: POINTS,
        UNIFORMS,
        ATTRIBUTES: [
          { name: "a_position", size: 2, type: FLOAT },
          { name: "a_size", size: 1, type: FLOAT },
          { name: "a_ink", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_cell", size: 1, type: FLOAT },
          { name: "a_flags", size: 1, type: FLOAT },
          { name: "a_strength", size: 1, type: FLOAT },
        ],
      };
    }

    override processVisibleItem(id: number, start: number, data: NodeDisplayData): void {
      const { x, y, size, ink, cell, flags, strength } = data as NodeLook;
      const to = this.array;
      to[start] = x;
      to[start + 1] = y;
      to[start + 2] = size;
      to[start + 3] = ink;
      to[start + 4] = id;
      to[start + 5] = cell;
      to[start + 6] = flags;
      to[start + 7] = strength;
    }

    override reallocate(capacity: number): void {
      this.#kept.reallocate(capacity);
    }

    override process(index: number, offset: number, data: NodeDisplayData): void {
      super.process(index, offset, data);
      this.#kept.touch(offset);
    }

    protected override bindProgram(program: ProgramInfo): void {
      this.#kept.bind(program);
    }

    override drawWebGL(method: number, program: ProgramInfo): void {
      this.#kept.draw(method, program);
    }

    override setUniforms(params: RenderParams, { gl, uniformLocations, isPicking }: ProgramInfo): void {
      gl.uniformMatrix3fv(uniformLocations["u_matrix"] ?? null, false, params.matrix);
      gl.uniform1f(uniformLocations["u_sizeRatio"] ?? null, params.sizeRatio);
      gl.uniform1f(uniformLocations["u_pixelRatio"] ?? null, params.pixelRatio);
      if (isPicking) return;
      gl.activeTexture(gl.TEXTURE0);
      gl.bindTexture(gl.TEXTURE_2D, atlasOf(gl as WebGL2RenderingContext));
      gl.uniform1i(uniformLocations["u_atlas"] ?? null, 0);
      for (const name of ["paper", "text", "accent", "warn", "halo"] as const) {
        const [r, g, b] = parsed(ground[name]).map((part) => part / 255) as [number, number, number];
        gl.uniform3f(uniformLocations[`u_${name}`] ?? null, r, g, b);
      }
    }

    /** Nodes lie upon the links, which Sigma draws after them: who paints says what is drawn, at the end of the frame. */
    override render(params: RenderParams): void {
      ground.params = params;
    }

    paint(params: RenderParams): void {
      this.#kept.paint(params, this.normalProgram);
    }

    add(params: RenderParams): void {
      this.#kept.add(params, this.normalProgram);
    }

    pick(params: RenderParams): void {
      this.#kept.pick(params, this.pickProgram);
    }
  } as unknown as NodeProgramType;
}

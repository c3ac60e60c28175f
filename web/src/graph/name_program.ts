// Draws names from one texture into which each text is written once; a square of pixels each, one call for all.

import type { Stamp } from "./text.ts";

const SIDE = 2048; // of the texture, pixels
const PER_NAME = 24; // numbers: six corners

const VERTEX = `#version 300 es
in vec4 a_corner; // on the canvas, in the texture
uniform vec2 u_size;
out vec2 v_uv;
void main() {
  vec2 at = a_corner.xy / u_size * 2.0 - 1.0;
  gl_Position = vec4(at.x, -at.y, 0, 1);
  v_uv = a_corner.zw / ${SIDE}.0;
}
`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec2 v_uv;
uniform sampler2D u_texts;
out vec4 drawn;
void main() { drawn = texture(u_texts, v_uv); }
`;

interface Held {
  x: number;
  y: number;
}

export class NameProgram {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #texture: WebGLTexture;
  readonly #buffer: WebGLBuffer;
  readonly #array: WebGLVertexArrayObject;
  readonly #places: readonly [size: WebGLUniformLocation | null, texts: WebGLUniformLocation | null];
  #held = new Map<Stamp, Held>();
  #next = { x: 0, y: 0, high: 0 };
  #data = new Float32Array(512 * PER_NAME);
  #count = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = linked(gl);
    this.#places = [gl.getUniformLocation(this.#program, "u_size"), gl.getUniformLocation(this.#program, "u_texts")];
    this.#texture = gl.createTexture() as WebGLTexture;
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, SIDE, SIDE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    this.#buffer = gl.createBuffer() as WebGLBuffer;
    this.#array = gl.createVertexArray() as WebGLVertexArrayObject;
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    const at = gl.getAttribLocation(this.#program, "a_corner");
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, 4, gl.FLOAT, false, 16, 0);
    gl.bindVertexArray(null);
    gl.bindBuffer(gl.ARRAY_BUFFER, null);
  }

  /** A text with its left upper corner there, in pixels of the screen. */
  put(stamp: Stamp, left: number, top: number): void {
    const { width, height } = stamp.picture;
    const held = this.#held.get(stamp) ?? this.#hold(stamp, width, height);
    if ((this.#count + 1) * PER_NAME > this.#data.length) {
      const more = new Float32Array(this.#data.length * 2);
      more.set(this.#data);
      this.#data = more;
    }
    const [x, y, u, v] = [Math.round(left), Math.round(top), held.x, held.y];
    const corners = [0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1];
    for (let at = 0; at < 6; at += 1) {
      const [right, down] = [(corners[at * 2] as number) * width, (corners[at * 2 + 1] as number) * height];
      this.#data.set([x + right, y + down, u + right, v + down], this.#count * PER_NAME + at * 4);
    }
    this.#count += 1;
  }

  /** Into the texture, in rows; when it is full all begins anew, and what this frame holds is written again. */
  #hold(stamp: Stamp, width: number, height: number): Held {
    const gl = this.#gl;
    if (this.#next.x + width > SIDE) this.#next = { x: 0, y: this.#next.y + this.#next.high, high: 0 };
    if (this.#next.y + height > SIDE) {
      this.#held.clear();
      this.#next = { x: 0, y: 0, high: 0 };
      this.#count = 0;
    }
    const { x, y, high } = this.#next;
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, gl.RGBA, gl.UNSIGNED_BYTE, stamp.picture);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    this.#next = { x: x + width, y, high: Math.max(high, height) };
    const held = { x, y };
    this.#held.set(stamp, held);
    return held;
  }

  /** Draws all that has been put since the last call. `width`, `height`: of the canvas in pixels of the screen. */
  draw(width: number, height: number): void {
    const gl = this.#gl;
    const count = this.#count;
    this.#count = 0;
    if (count === 0) return;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, width, height);
    gl.enable(gl.BLEND);
    gl.useProgram(this.#program);
    gl.uniform2f(this.#places[0], width, height);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.uniform1i(this.#places[1], 0);
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.bufferData(gl.ARRAY_BUFFER, this.#data.subarray(0, count * PER_NAME), gl.DYNAMIC_DRAW);
    gl.drawArrays(gl.TRIANGLES, 0, count * 6);
    gl.bindVertexArray(null);
    gl.bindBuffer(gl.ARRAY_BUFFER, null);
  }
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram() as WebGLProgram;
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type) as WebGLShader;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "link");
  return program;
}

// Draws names from one texture into which each text is written once; a square of pixels each, one call for all.

import type { Stamp } from "./text.ts";

const SIDE = 2048; // of the texture, pixels
const PER_NAME = 8; // numbers

const VERTEX = `#version 300 es
in vec4 a_place;
in vec4 a_part;
in vec2 a_corner;
uniform vec2 u_size;
out vec2 v_uv;
void main() {
  vec2 at = (a_place.xy + a_corner * a_place.zw) / u_size * 2.0 - 1.0;
  gl_Position = vec4(at.x, -at.y, 0, 1);
  v_uv = (a_part.xy + a_corner * a_part.zw) / ${SIDE}.0;
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
  readonly #corners: WebGLBuffer;
  readonly #buffer: WebGLBuffer;
  readonly #array: WebGLVertexArrayObject;
  #held = new Map<Stamp, Held>();
  #next = { x: 0, y: 0, high: 0 };
  #data = new Float32Array(512 * PER_NAME);
  #count = 0;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = linked(gl);
    this.#texture = gl.createTexture() as WebGLTexture;
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, SIDE, SIDE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    this.#corners = gl.createBuffer() as WebGLBuffer;
    this.#buffer = gl.createBuffer() as WebGLBuffer;
    this.#array = gl.createVertexArray() as WebGLVertexArrayObject;
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    this.#attribute("a_corner", 2, 0, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    this.#attribute("a_place", 4, PER_NAME * 4, 0, 1);
    this.#attribute("a_part", 4, PER_NAME * 4, 16, 1);
    gl.bindVertexArray(null);
    gl.bindBuffer(gl.ARRAY_BUFFER, null);
  }

  #attribute(name: string, size: number, stride: number, offset: number, divisor: number): void {
    const gl = this.#gl;
    const at = gl.getAttribLocation(this.#program, name);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, size, gl.FLOAT, false, stride, offset);
    gl.vertexAttribDivisor(at, divisor);
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
    this.#data.set([Math.round(left), Math.round(top), width, height, held.x, held.y, width, height], this.#count * PER_NAME);
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
    gl.uniform2f(gl.getUniformLocation(this.#program, "u_size"), width, height);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    gl.uniform1i(gl.getUniformLocation(this.#program, "u_texts"), 0);
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.bufferData(gl.ARRAY_BUFFER, this.#data.subarray(0, count * PER_NAME), gl.DYNAMIC_DRAW);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
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

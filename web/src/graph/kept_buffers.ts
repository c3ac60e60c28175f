// Programs of Sigma send all they draw to the graphics card in every frame; here only when it has changed.

import type { ProgramInfo } from "sigma/rendering";

interface Inner {
  array: Float32Array;
  ATTRIBUTES: { name: string }[];
  bindAttribute(attribute: { name: string }, program: ProgramInfo, offset: number): number;
}

/** `bindProgram` of a program without instances; `sent`: what each of its buffers holds already. */
export function bindKept(of: object, program: ProgramInfo, sent: Map<string, number>, revision: number): void {
  const inner = of as unknown as Inner;
  const { gl, buffer, name } = program;
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  let offset = 0;
  for (const attribute of inner.ATTRIBUTES) offset += inner.bindAttribute(attribute, program, offset);
  if (sent.get(name) !== revision) gl.bufferData(gl.ARRAY_BUFFER, inner.array, gl.DYNAMIC_DRAW);
  sent.set(name, revision);
  gl.bindBuffer(gl.ARRAY_BUFFER, null);
}

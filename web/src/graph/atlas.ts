// The signs as one texture: each kind once as a fact, filled, and once as an assessment, hollow with a dashed outline.
// Red is what takes the kind's colour, green what takes the colour of the paper.

import { type Sign, allSigns } from "./styling.ts";

export const CELL = 96; // pixels
export const COLUMNS = 8;
export const REACH = 1.4; // a cell shows -REACH to REACH of a sign's outline, which goes to 1.15

/** The cell of a sign in the atlas. */
export function cellOf(signNumber: number, fact: boolean): number {
  return signNumber * 2 + (fact ? 0 : 1);
}

export function rows(): number {
  return Math.ceil((allSigns().length * 2) / COLUMNS);
}

export function drawAtlas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = COLUMNS * CELL;
  canvas.height = rows() * CELL;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  allSigns().forEach((sign, number) => {
    for (const fact of [true, false]) {
      const cell = cellOf(number, fact);
      context.save();
      context.translate(((cell % COLUMNS) + 0.5) * CELL, (Math.floor(cell / COLUMNS) + 0.5) * CELL);
      context.scale(CELL / 2 / REACH, CELL / 2 / REACH);
      drawSign(context, sign, fact);
      context.restore();
    }
  });
  return canvas;
}

function drawSign(context: CanvasRenderingContext2D, sign: Sign, fact: boolean): void {
  const [body, paper] = ["#ff0000", "#00ff00"];
  const outline = new Path2D(sign.shape);
  context.lineJoin = "round";
  context.fillStyle = fact ? body : paper;
  context.strokeStyle = body;
  context.lineWidth = fact ? 0.14 : 0.24;
  if (!fact) context.setLineDash([0.5, 0.3]);
  context.fill(outline);
  context.stroke(outline);
  context.setLineDash([]);
  if (!sign.strokes) return;
  context.strokeStyle = fact ? paper : body;
  context.lineWidth = 0.17;
  context.stroke(new Path2D(sign.strokes));
}

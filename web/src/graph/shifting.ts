// How a picture that is there is moved to where it would be drawn now. Pure values: no DOM.

import type { View } from "./names.ts";

export const MARGIN = 160; // pixels that the canvas reaches beyond the stage on each side
const LEAST = 0.6; // a picture that is made smaller or larger than so is drawn anew
const MOST = 1.5;

/** What a picture shows: where the plane was when it was drawn, and how far beyond the stage it goes. */
export interface Shown {
  view: View;
  margin: number;
  whole: boolean; // all there is lies on it, so that beyond it is nothing
}

export interface Shift {
  x: number; // of the left upper corner of the canvas, pixels
  y: number;
  scale: number;
}

/** From the view of a picture to the view now; null where the stage has another size. */
export function shiftOf(shown: View, now: View): Shift | null {
  if (shown.width !== now.width || shown.height !== now.height || shown.pixelRatio !== now.pixelRatio) return null;
  const scale = Math.abs(now.scale / shown.scale - 1) < 1e-6 ? 1 : now.scale / shown.scale;
  const x = now.left + MARGIN - scale * (shown.left + MARGIN);
  const y = now.top + MARGIN - scale * (shown.top + MARGIN);
  // By whole pixels of the screen it stays sharp.
  const whole = (at: number): number => Math.round(at * now.pixelRatio) / now.pixelRatio + 0;
  return scale === 1 ? { x: whole(x), y: whole(y), scale } : { x, y, scale };
}

export function isStill({ x, y, scale }: Shift): boolean {
  return x === 0 && y === 0 && scale === 1;
}

/** Whether a picture so moved still fills the stage, with what is not too coarse. */
export function covers({ view, margin, whole }: Shown, { x, y, scale }: Shift): boolean {
  if (scale < LEAST || scale > MOST) return false;
  if (whole) return true;
  const spans = (by: number, size: number): boolean =>
    by + scale * (MARGIN - margin) <= MARGIN && by + scale * (MARGIN + size + margin) >= MARGIN + size;
  return spans(x, view.width) && spans(y, view.height);
}

/** The view of the whole canvas, of which the stage shows the middle. */
export function widened(view: View): View {
  return {
    ...view,
    left: view.left + MARGIN,
    top: view.top + MARGIN,
    width: view.width + 2 * MARGIN,
    height: view.height + 2 * MARGIN,
  };
}

export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function joined(one: Rectangle | null, other: Rectangle): Rectangle {
  if (!one) return other;
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

const ASIDE = 110; // pixels that a sign and its name reach
const BELOW = 50;
const GREAT = 0.5; // of the stage

/** The pixels of the canvas, from its left lower corner, that show a part of the plane with signs and names; null where
 * that is so much that all may be drawn. */
export function patch(where: Rectangle, now: View): { x: number; y: number; width: number; height: number } | null {
  const { scale, pixelRatio: by } = now;
  const within = (at: number, size: number): number => Math.max(-MARGIN, Math.min(size + MARGIN, at));
  const left = within(where.left * scale + now.left - ASIDE, now.width);
  const right = within(where.right * scale + now.left + ASIDE, now.width);
  const top = within(where.top * scale + now.top - BELOW, now.height);
  const bottom = within(where.bottom * scale + now.top + BELOW, now.height);
  if ((right - left) * (bottom - top) > GREAT * now.width * now.height) return null;
  const [x, y] = [Math.floor((left + MARGIN) * by), Math.floor((now.height + MARGIN - bottom) * by)];
  return { x, y, width: Math.ceil((right - left) * by) + 1, height: Math.ceil((bottom - top) * by) + 1 };
}

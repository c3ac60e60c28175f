// What a key does on the canvas.

import type { Direction } from "./geometry.ts";

export type Act =
  | { act: "step"; to: Direction }
  | { act: "walk"; by: 1 | -1 | "first" | "last" }
  | { act: "pan"; to: Direction }
  | { act: Simple };

export type Simple =
  | "expand"
  | "collapse"
  | "remove"
  | "hide"
  | "unhide"
  | "pin"
  | "fit"
  | "centre"
  | "in"
  | "out"
  | "layout"
  | "select"
  | "all"
  | "none"
  | "neighbours"
  | "menu"
  | "undo"
  | "redo";

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const ARROWS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const WALKS: Record<string, 1 | -1 | "first" | "last"> = { PageDown: 1, PageUp: -1, Home: "first", End: "last" };
const PLAIN: Record<string, Simple> = {
  Enter: "expand",
  Backspace: "collapse",
  Delete: "remove",
  Escape: "none",
  ContextMenu: "menu",
  " ": "select",
  "+": "in",
  "=": "in",
  "-": "out",
  h: "hide",
  H: "unhide",
  p: "pin",
  f: "fit",
  c: "centre",
  l: "layout",
  n: "neighbours",
};

/** Null where the key is none of the canvas's, as Tab, by which one leaves it. */
export function actOf(pressed: Pressed): Act | null {
  const { key, shiftKey, altKey } = pressed;
  if (altKey) return null;
  if (pressed.ctrlKey || pressed.metaKey) {
    const letter = key.toLowerCase();
    if (letter === "z") return { act: shiftKey ? "redo" : "undo" };
    if (letter === "y") return { act: "redo" };
    if (letter === "a") return { act: shiftKey ? "none" : "all" };
    return null;
  }
  if (key === "F10" && shiftKey) return { act: "menu" };
  const arrow = ARROWS[key];
  if (arrow) return shiftKey ? { act: "pan", to: arrow } : { act: "step", to: arrow };
  const walk = WALKS[key];
  if (walk) return { act: "walk", by: walk };
  const plain = PLAIN[key];
  return plain ? { act: plain } : null;
}

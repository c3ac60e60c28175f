// One key for each act. A key does nothing where something is typed; Enter and Space press what has the focus.

export type Act =
  | "next"
  | "previous"
  | "open"
  | "open-next"
  | "open-previous"
  | "confirm"
  | "clear"
  | "assign"
  | "note"
  | "outcome"
  | "sheet"
  | "reopen"
  | "replay"
  | "graph"
  | "filter"
  | "update"
  | "keys"
  | "close";

/** The keys, in the order in which the page tells them. */
export const KEYS: readonly (readonly [string, Act])[] = [
  ["j", "next"],
  ["k", "previous"],
  ["Enter", "open"],
  ["J", "open-next"],
  ["K", "open-previous"],
  ["c", "confirm"],
  ["x", "clear"],
  ["a", "assign"],
  ["n", "note"],
  ["o", "outcome"],
  ["p", "sheet"],
  ["r", "reopen"],
  ["y", "replay"],
  ["g", "graph"],
  ["/", "filter"],
  ["u", "update"],
  ["?", "keys"],
  ["Escape", "close"],
];

const BY_KEY = new Map(KEYS);

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The act of a key pressed on such a target; null: none of ours. */
export function actOf(pressed: Pressed, target: "text" | "control" | "none"): Act | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  if (pressed.key === "Escape") return "close";
  if (target === "text") return null;
  if (target === "control" && (pressed.key === "Enter" || pressed.key === " ")) return null;
  return BY_KEY.get(pressed.key) ?? null;
}

// One key for each act.

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
  | "update";

/** The keys as the page's list of actions names them, in the order in which it tells them. */
export const KEYS: readonly (readonly [string, Act])[] = [
  ["J", "next"],
  ["K", "previous"],
  ["Enter", "open"],
  ["Shift+J", "open-next"],
  ["Shift+K", "open-previous"],
  ["C", "confirm"],
  ["X", "clear"],
  ["A", "assign"],
  ["N", "note"],
  ["O", "outcome"],
  ["P", "sheet"],
  ["R", "reopen"],
  ["Y", "replay"],
  ["G", "graph"],
  ["/", "filter"],
  ["U", "update"],
];

const OF_A_LEAD: ReadonlySet<Act> = new Set([
  "confirm",
  "clear",
  "assign",
  "note",
  "outcome",
  "sheet",
  "reopen",
  "replay",
  "graph",
]);

export interface Now {
  lead: boolean; // one is open
  writing: boolean; // the fields of an act are open
  pressing: boolean; // the focus is on what Enter presses
}

/** Why a key does nothing now, as the end of a key of the catalogue; empty: it acts. While something is written, a key
 * that misses its field does nothing. */
export function whyNot(act: Act, now: Now): "" | "writing" | "no-lead" | "pressing" {
  if (now.writing) return "writing";
  if (act === "open" && now.pressing) return "pressing";
  return OF_A_LEAD.has(act) && !now.lead ? "no-lead" : "";
}

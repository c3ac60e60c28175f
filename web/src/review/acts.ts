// What each key and each button does.

import { showInGraph } from "../handover.ts";
import { isAway } from "../parts/keys.ts";
import { printSheet } from "./sheet.ts";
import type { Act } from "./keys.ts";
import { begin, chosen, lead, list, move, openLead, replay } from "./state.ts";

const ACTS: Record<Act, () => void> = {
  next: () => look(1),
  previous: () => look(-1),
  open: () => void openLead(chosen.value),
  "open-next": () => step(1),
  "open-previous": () => step(-1),
  confirm: () => begin("confirm"),
  clear: () => begin("clear"),
  assign: () => begin("assign"),
  note: () => begin("note"),
  outcome: () => begin("outcome"),
  reopen: () => begin("reopen"),
  sheet: () => allowed("sheet") && void printSheet(lead.value?.lead ?? ""),
  replay: () => allowed("replay") && void replay(),
  graph: () => lead.value && showInGraph(`Lead:${lead.value.lead}`),
  filter: () => document.querySelector<HTMLElement>(".filters select")?.focus(),
  update: () => void list(),
};

export function press(act: Act): void {
  ACTS[act]();
}

/** Where the keys of the queue are heard, so that Enter opens a lead and presses no link. */
export function toQueue(): void {
  document.querySelector<HTMLElement>(".queue")?.focus({ preventScroll: true });
}

/** As soon as the queue is there its keys are heard, unless somebody is at something else: a form of the page's head. */
export function comeToQueue(): void {
  const at = document.activeElement;
  const free = at === null || at === document.body || at.closest("header.head nav") !== null;
  if (free && !isAway(document.querySelector(".queue"))) toQueue();
}

function look(by: number): void {
  move(by);
  toQueue();
  document.getElementById(`row-${chosen.value}`)?.scrollIntoView({ block: "nearest" });
}

function step(by: number): void {
  look(by);
  void openLead(chosen.value);
}

/** Whether an act may be done now; where not, the page says why. */
function allowed(act: string): boolean {
  if (lead.value?.may[act]?.allowed) return true;
  begin(act);
  return false;
}

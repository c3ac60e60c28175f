// Everything that the graph browser can do, by name and key.

import { type Action, offer } from "../actions.ts";
import { collapseMeant, expand, hideMeant, meant, removeMeant, selectAll, selectNeighbours, togglePin } from "./acts.ts";
import { analysisOf, ask, drawIn, lookInto, openCase } from "./doing.ts";
import { type Tab, folded, hasAuthority, hasCase, offered, open, tall } from "./desk.ts";
import { exportSeen, formats } from "./exporting.ts";
import { whyNotNow } from "./panels/analyses.tsx";
import { FIND_ID } from "./panels/find.tsx";
import { play } from "./panels/time.tsx";
import { compare, current, save } from "./saving.ts";
import { session } from "../session.ts";
import * as state from "./state.ts";

const EDIT = "page.palette.group.graph";
const ASK = "page.palette.group.ask";
const LOOK = "page.palette.group.look";

const chosen = (): string[] => [...state.selection.peek()];
const needsChosen = (): string => (state.selection.value.size > 0 ? "" : "page.graph.why.one");
const needsOne = (): string => (state.selection.value.size === 1 ? "" : "page.graph.why.only-one");
const needsNodes = (): string => (state.nodes.value.size > 0 ? "" : "page.graph.why.empty");
const needsCase = (): string => (hasCase.value ? "" : "page.graph.why.case");
const needsAuthority = (): string => (hasAuthority.value ? "" : "page.graph.why.authority");
const first = (...whys: (() => string)[]) => () => whys.map((why) => why()).find(Boolean) ?? "";

/** Of the one node chosen: its kind, for what only places can do. */
const needsPlace = (...kinds: string[]) => () => {
  const only = needsOne() ? undefined : state.nodes.value.get(chosen()[0] ?? "");
  return only && kinds.includes(only.kind) ? "" : "page.graph.why.place";
};

export function fold(side: "left" | "right" | "below"): void {
  folded.value = { ...folded.peek(), [side]: !folded.peek()[side] };
}

export function focusFind(): void {
  if (folded.peek().left) fold("left");
  queueMicrotask(() => document.getElementById(FIND_ID)?.focus()); // behind the panel's own coming, before the next key
}

const layout = (name: state.LayoutName, key: string): Action => ({
  id: `graph.layout.${name}`,
  words: `page.graph.layout.${name}`,
  group: LOOK,
  keys: `Alt+${key}`,
  run: () => state.arrange(name),
  why: needsNodes,
});

const turn = (name: Tab, key: string): Action => ({
  id: `graph.tab.${name}`,
  words: `page.graph.tab.${name}`,
  group: LOOK,
  keys: `Alt+${key}`,
  run: () => open(name),
});

const side = (name: "left" | "right" | "below", key: string): Action => ({
  id: `graph.fold.${name}`,
  words: `page.graph.fold.${name}`,
  group: LOOK,
  keys: key,
  run: () => fold(name),
});

function fixed(): Action[] {
  return [
    { id: "graph.find", words: "page.graph.find", group: EDIT, keys: "/", run: focusFind },
    { id: "graph.open-case", words: "page.graph.open-case-now", group: EDIT, run: () => void openCase(session.peek()?.case ?? ""), why: needsCase },
    { id: "graph.undo", words: "page.graph.undo", group: EDIT, keys: "Ctrl+Z", run: state.undo, why: () => (state.canUndo.value ? "" : "page.graph.why.undo") },
    { id: "graph.redo", words: "page.graph.redo", group: EDIT, keys: "Ctrl+Shift+Z", run: state.redo, why: () => (state.canRedo.value ? "" : "page.graph.why.redo") },
    { id: "graph.expand", words: "page.graph.expand", group: EDIT, keys: "E", run: () => expand(meant()[0] ?? ""), why: first(needsAuthority, needsOne) },
    { id: "graph.choose-neighbours", words: "page.graph.choose-neighbours", group: EDIT, keys: "N", run: selectNeighbours, why: needsChosen },
    { id: "graph.collapse", words: "page.graph.collapse", group: EDIT, keys: "Backspace", run: collapseMeant, why: needsChosen },
    { id: "graph.hide", words: "page.graph.hide", group: EDIT, keys: "H", run: hideMeant, why: needsChosen },
    { id: "graph.unhide", words: "page.graph.unhide-all", group: EDIT, keys: "Shift+H", run: state.unhideAll, why: () => (state.hidden.value.size > 0 ? "" : "page.graph.why.hidden") },
    { id: "graph.pin", words: "page.graph.pin", group: EDIT, keys: "P", run: togglePin, why: needsChosen },
    { id: "graph.remove", words: "page.graph.remove", group: EDIT, keys: "Delete", run: removeMeant, why: needsChosen },
    { id: "graph.choose-all", words: "page.graph.choose-all", group: EDIT, keys: "Ctrl+A", run: selectAll, why: needsNodes },
    { id: "graph.choose-none", words: "page.graph.choose-none", group: EDIT, keys: "Escape", run: chooseNone },
    { id: "graph.building", words: "page.graph.building.open", group: ASK, keys: "B", run: () => void lookInto(chosen()[0] ?? ""), why: first(needsCase, needsPlace("Address", "RentalUnit")) },
    { id: "graph.draw-in", words: "page.graph.draw-in", group: ASK, keys: "D", run: () => void drawIn(chosen()[0] ?? ""), why: first(needsCase, needsPlace("RentalUnit")) },
    { id: "graph.save", words: "page.graph.views.save", group: EDIT, keys: "Ctrl+S", run: () => void save(current.peek()?.name ?? "", false), why: first(needsCase, () => (current.value ? "" : "page.graph.why.view")) },
    { id: "graph.changes", words: "page.graph.views.changes", group: EDIT, run: () => void compare(false), why: first(needsCase, () => (current.value ? "" : "page.graph.why.view")) },
    { id: "graph.fit", words: "page.graph.fit", group: LOOK, keys: "F", run: state.fit, why: needsNodes },
    { id: "graph.show", words: "page.graph.show-chosen", group: LOOK, keys: "C", run: () => state.show(chosen()), why: needsChosen },
    { id: "graph.assessments", words: "page.graph.assessments", group: LOOK, keys: "A", run: () => (state.assessments.value = !state.assessments.peek()), why: () => (state.graphName.value ? "page.graph.why.imported-leads" : "") },
    { id: "graph.emphasis", words: "page.graph.emphasis.none", group: LOOK, run: () => (state.emphasis.value = new Set()), why: () => (state.emphasis.value.size > 0 ? "" : "page.graph.why.emphasis") },
    { id: "graph.play", words: "page.graph.time.play", group: LOOK, keys: "T", run: play, why: needsNodes },
    layout("force", "1"),
    layout("hierarchical", "2"),
    layout("circular", "3"),
    layout("places", "4"),
    turn("answer", "5"),
    turn("table", "6"),
    turn("timeline", "7"),
    turn("building", "8"),
    side("left", "["),
    side("below", "\\"),
    side("right", "]"),
    { id: "graph.tall", words: "page.graph.tall", group: LOOK, keys: "G", run: () => (tall.value = !tall.peek()) },
    ...(["kind", "band", "date"] as const).map(
      (name): Action => ({ id: `graph.styling.${name}`, words: `page.graph.style-by.${name}`, group: LOOK, run: () => (state.styling.value = name) }),
    ),
  ];
}

function chooseNone(): void {
  state.selection.value = new Set();
  state.edgeSelected.value = null;
}

/** The named analyses and the forms of export, as the server offers them. */
function offeredNow(): Action[] {
  const found = offered.value;
  if (!found) return [];
  return [
    ...found.analyses.map(
      ({ name }): Action => ({
        id: `graph.ask.${name}`,
        words: `graph.question.${name}`,
        group: ASK,
        run: () => void ask(name),
        why: () => {
          const analysis = analysisOf(name);
          const why = analysis ? whyNotNow(analysis) : "";
          return why && `page.graph.why.${why}`;
        },
      }),
    ),
    ...formats().map(
      (format): Action => ({
        id: `graph.export.${format}`,
        words: `page.graph.export.as.${format}`,
        group: EDIT,
        run: () => void exportSeen(format, ""),
        why: first(needsCase, needsNodes),
      }),
    ),
  ];
}

/** Offer all of it until the function that is returned is called. */
export function offerGraph(): () => void {
  return offer(...fixed());
}

export function offerAsked(): () => void {
  return offer(...offeredNow());
}

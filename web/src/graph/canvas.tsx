// The canvas of the graph browser: the drawing, its tools, its keys, and the list for who does not see it.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../words.ts";
import {
  collapseMeant,
  expand,
  expanding,
  focused,
  hideMeant,
  meant,
  removeMeant,
  selectAll,
  selectNeighbours,
  selectNone,
  toggle,
  togglePin,
} from "./acts.ts";
import "./canvas.css";
import { Expand } from "./expand.tsx";
import { type Act, actOf } from "./keys.ts";
import { Lasso, type Mode } from "./lasso.tsx";
import { Legend } from "./legend.tsx";
import { LAYOUTS, Menu, type Opened } from "./menu.tsx";
import { PROBES } from "./paint.ts";
import { Stage } from "./stage.ts";
import { type LayoutName, arrange, canRedo, canUndo, layout, nodes, redo, show, undo, unhideAll, visible } from "./state.ts";
import { Twin, listed, positionOf } from "./twin.tsx";

const PAN_AND_ZOOM = 1.4;

export function Canvas() {
  const host = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage | null>(null);
  const mode = useSignal<Mode>("move");
  const opened = useSignal<Opened | null>(null);
  const problem = useSignal("");
  const busy = useSignal(false);
  const tall = useSignal(false);

  useEffect(() => {
    const made = new Stage(host.current as HTMLDivElement, {
      menu: (x, y, node) => (opened.value = { x, y, node }),
      problem: (text) => (problem.value = text),
    });
    stage.current = made;
    tall.value = (host.current?.clientHeight ?? 0) > 430;
    const end = made.busy.subscribe((is) => (busy.value = is));
    return () => {
      end();
      stage.current = null;
      made.kill();
    };
  }, []);

  function keys(event: KeyboardEvent): void {
    const act = actOf(event);
    if (!act || !stage.current) return;
    event.preventDefault();
    event.stopPropagation();
    perform(act, stage.current);
  }

  function perform(act: Act, on: Stage): void {
    const key = focused.peek();
    switch (act.act) {
      case "step":
        return on.step(act.to);
      case "pan":
        return on.pan(act.to);
      case "walk":
        return walk(act.by, on);
      case "expand":
        return key === null ? undefined : expand(key);
      case "select":
        return key === null ? undefined : toggle(key);
      case "layout":
        return arrange(LAYOUTS[(LAYOUTS.indexOf(layout.peek() as LayoutName) + 1) % LAYOUTS.length] as LayoutName);
      case "menu":
        return openMenu(key, on);
      case "centre":
        return show(meant());
      case "fit":
        return on.fit();
      case "in":
        return on.zoom(PAN_AND_ZOOM);
      case "out":
        return on.zoom(1 / PAN_AND_ZOOM);
      default:
        return SIMPLE[act.act]();
    }
  }

  function openMenu(key: string | null, on: Stage): void {
    const place = key === null ? undefined : on.diagram.placeOf(key);
    const at = place ? on.diagram.toCanvas(place) : { x: 20, y: 20 };
    opened.value = { ...at, node: place ? key : null };
  }

  /** A dialogue says a moment after it is shut that it is; by then the node may have been asked for again. */
  function closed(ended: typeof asked): void {
    if (expanding.peek() !== ended) return;
    expanding.value = null;
    list.current?.focus({ preventScroll: true });
  }

  const asked = expanding.value;
  const count = visible.value.nodes.size;
  const away = nodes.value.size - count;
  return (
    <div class="graph-canvas" aria-label={t("page.canvas.canvas")} role="group">
      <Tools stage={() => stage.current} mode={mode.value} choose={(chosen) => (mode.value = chosen)} />
      <div class={`graph-room ${mode.value}`}>
        <Twin box={list} onKeyDown={keys} />
        <div
          ref={host}
          class="graph-stage"
          aria-hidden="true"
          onPointerDown={() => requestAnimationFrame(() => opened.value === null && list.current?.focus({ preventScroll: true }))}
          onContextMenu={(event) => event.preventDefault()}
        >
          {PROBES.map((name) => (
            <i class={`graph-probe-${name}`} key={name} />
          ))}
        </div>
        <Lasso room={host} stage={() => stage.current} mode={mode} />
        <Legend room={tall.value} />
        {opened.value && (
          <Menu
            opened={opened.value}
            close={(back) => {
              opened.value = null;
              if (back) list.current?.focus({ preventScroll: true });
            }}
          />
        )}
      </div>
      <p class="graph-state" role="status">
        {t("page.canvas.seen", { count })}
        {away > 0 && ` · ${t("page.canvas.away", { count: away })}`}
        {busy.value && ` · ${t("page.canvas.laying-out")}`}
        {problem.value && ` · ${problem.value}`}
      </p>
      <p id="graph-keys" class="graph-keys">
        {t("page.canvas.keys")}
      </p>
      {asked && <Expand node={asked.node} key={asked} close={() => closed(asked)} />}
    </div>
  );
}

const SIMPLE = {
  collapse: collapseMeant,
  remove: removeMeant,
  hide: hideMeant,
  unhide: unhideAll,
  pin: togglePin,
  all: selectAll,
  none: selectNone,
  neighbours: selectNeighbours,
  undo,
  redo,
};

function walk(by: 1 | -1 | "first" | "last", on: Stage): void {
  const all = listed.peek();
  const at = positionOf(focused.peek());
  const to = by === "first" ? 0 : by === "last" ? all.length - 1 : at + by;
  const key = all[Math.max(0, Math.min(all.length - 1, to))];
  if (key !== undefined) on.focus(key);
}

const MODES: readonly Mode[] = ["move", "lasso", "rectangle"];

function Tools({ stage, mode, choose }: { stage: () => Stage | null; mode: Mode; choose: (mode: Mode) => void }) {
  return (
    <div class="graph-tools" role="toolbar" aria-label={t("page.canvas.tools")}>
      <button type="button" onClick={undo} disabled={!canUndo.value}>
        {t("page.canvas.undo")}
      </button>
      <button type="button" onClick={redo} disabled={!canRedo.value}>
        {t("page.canvas.redo")}
      </button>
      <span class="graph-group" role="group" aria-label={t("page.canvas.mode")}>
        {MODES.map((name) => (
          <button type="button" key={name} aria-pressed={mode === name} onClick={() => choose(name)}>
            {t(`page.canvas.mode.${name}`)}
          </button>
        ))}
      </span>
      <button type="button" aria-label={t("page.canvas.zoom-in")} onClick={() => stage()?.zoom(PAN_AND_ZOOM)}>
        +
      </button>
      <button type="button" aria-label={t("page.canvas.zoom-out")} onClick={() => stage()?.zoom(1 / PAN_AND_ZOOM)}>
        −
      </button>
      <button type="button" onClick={() => stage()?.fit()}>
        {t("page.canvas.fit")}
      </button>
      <label>
        {t("page.canvas.layout")}{" "}
        <select value={layout.value} onChange={(event) => event.currentTarget.value && arrange(event.currentTarget.value as LayoutName)}>
          <option value="">–</option>
          {LAYOUTS.map((name) => (
            <option value={name} key={name}>
              {t(`page.canvas.layout.${name}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

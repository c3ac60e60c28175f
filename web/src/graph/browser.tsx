// The graph browser: the canvas, and the panels around it.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ComponentType } from "preact";

import { open as handed } from "../handover.ts";
import { openPalette } from "../palette.tsx";
import { place } from "../shell/places.tsx";
import { t } from "../words.ts";
import { Canvas } from "./canvas.tsx";
import { type Tab, banners, cut, folded, hasAuthority, offered, open, problem, status, tab, tall, working } from "./desk.ts";
import { takeOver } from "./doing.ts";
import { focusFind, fold, offerAsked, offerGraph } from "./graph_actions.ts";
import "./graph.css";
import { Analyses } from "./panels/analyses.tsx";
import { AnswerPanel } from "./panels/answer.tsx";
import { BuildingPanel } from "./panels/building.tsx";
import { Details } from "./panels/details.tsx";
import { ExportPanel } from "./panels/export.tsx";
import { AssessmentsSwitch, FiltersPanel, StylingChoice } from "./panels/filters.tsx";
import { Find } from "./panels/find.tsx";
import { TablePanel } from "./panels/table.tsx";
import { TimeWindow } from "./panels/time.tsx";
import { Timeline } from "./panels/timeline.tsx";
import { ViewsPanel } from "./panels/views.tsx";
import { current, unsaved } from "./saving.ts";
import { assessments, emphasis, nodes, visible } from "./state.ts";

const TABS: Record<Tab, ComponentType> = { answer: AnswerPanel, table: TablePanel, timeline: Timeline, building: BuildingPanel };

export function GraphBrowser() {
  const shown = place.value === "graph"; // it stays mounted while another place is shown: its keys do not
  useEffect(() => (shown ? offerGraph() : undefined), [shown]);
  useEffect(() => (shown ? offerAsked() : undefined), [shown, offered.value]);
  useEffect(takeOver, [handed.value, hasAuthority.value]);
  const now = folded.value;
  const shape = ["graph", now.left ? "no-left" : "", now.right ? "no-right" : "", now.below ? "no-below" : tall.value ? "tall" : ""].join(" ");
  return (
    <div class={shape}>
      <h1 class="unseen">{t("page.place.graph")}</h1>
      <Toolbar />
      {!now.left && (
        <aside class="side left" aria-label={t("page.graph.left")}>
          <Find />
          <Section name="page.graph.filters">
            <FiltersPanel />
          </Section>
          <Section name="page.graph.views" mark={current.value && unsaved.value ? t("page.graph.views.unsaved") : ""}>
            <ViewsPanel />
          </Section>
          <Section name="page.graph.export">
            <ExportPanel />
          </Section>
          <Section name="page.graph.ask" start>
            <Analyses />
          </Section>
        </aside>
      )}
      <section class="board" aria-label={t("page.graph.canvas")}>
        <Messages />
        <div class="canvas-room">
          <Canvas />
          {nodes.value.size === 0 && <Begin />}
        </div>
        <TimeWindow />
      </section>
      {!now.right && (
        <aside class="side right" aria-label={t("page.graph.details")}>
          <Details />
        </aside>
      )}
      <Below />
    </div>
  );
}

function Section({ name, start = false, mark = "", children }: { name: string; start?: boolean; mark?: string; children: preact.ComponentChildren }) {
  const shown = useSignal(start); // what is in a closed one asks nothing of the server
  return (
    <details open={start} onToggle={(event) => (shown.value = event.currentTarget.open)}>
      <summary>
        {t(name)} {mark && <span class="badge">{mark}</span>}
      </summary>
      {shown.value && children}
    </details>
  );
}

/** What to do first, where nothing lies on the canvas. */
function Begin() {
  return (
    <div class="begin">
      <p>{t(hasAuthority.value ? "page.graph.begin" : "page.graph.why.authority")}</p>
      {hasAuthority.value && (
        <button type="button" onClick={focusFind}>
          {t("page.graph.find")} <kbd>/</kbd>
        </button>
      )}
    </div>
  );
}

/** What an answer says of itself, and what went wrong, before everything else. */
function Messages() {
  return (
    <div class="messages">
      {banners.value.map((line) => (
        <p key={line} role="alert" class="banner" dir="auto">
          {line}
        </p>
      ))}
      {cut.value && (
        <p role="alert" class="banner cut">
          {t("graph.cut")}
        </p>
      )}
      {assessments.value && <p class="banner assessments">{t("page.graph.assessments.warning")}</p>}
      {problem.value && (
        <p role="alert" class="banner problem" dir="auto">
          {problem.value}{" "}
          <button type="button" onClick={() => (problem.value = "")}>
            {t("page.graph.dismiss")}
          </button>
        </p>
      )}
    </div>
  );
}

function Toolbar() {
  const seen = visible.value;
  return (
    <div class="toolbar" role="toolbar" aria-label={t("page.graph.toolbar")}>
      <Fold side="left" />
      <AssessmentsSwitch />
      <StylingChoice />
      {emphasis.value.size > 0 && (
        <button type="button" onClick={() => (emphasis.value = new Set())}>
          {t("page.graph.emphasis.none")}
        </button>
      )}
      <p role="status" class="status" dir="auto">
        {working.value > 0
          ? t("page.graph.working")
          : status.value || t("page.graph.seen", { nodes: seen.nodes.size, all: nodes.value.size, links: seen.edges.size })}
      </p>
      <button type="button" onClick={openPalette}>
        {t("page.palette.short")} <kbd>Ctrl+K</kbd>
      </button>
      <Fold side="below" />
      <Fold side="right" />
    </div>
  );
}

const ARROWS = { left: "◧", below: "⬓", right: "◨" };

function Fold({ side }: { side: "left" | "right" | "below" }) {
  return (
    <button type="button" class="fold" aria-pressed={!folded.value[side]} title={t(`page.graph.fold.${side}`)} onClick={() => fold(side)}>
      <span aria-hidden="true">{ARROWS[side]}</span>
      <span class="unseen">{t(`page.graph.fold.${side}`)}</span>
    </button>
  );
}

function Below() {
  const names = Object.keys(TABS) as Tab[];
  const list = useRef<HTMLDivElement>(null);
  const turn = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const place = (names.indexOf(tab.value) + step + names.length) % names.length;
    open(names[place] ?? "table");
    (list.current?.children[place] as HTMLElement | undefined)?.focus();
  };
  if (folded.value.below) return null;
  const Panel = TABS[tab.value];
  return (
    <section class="below" aria-label={t("page.graph.below")}>
      <div role="tablist" aria-label={t("page.graph.below")} ref={list} onKeyDown={turn}>
        {names.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={tab.value === name}
            aria-controls="tab-panel"
            tabIndex={tab.value === name ? 0 : -1}
            onClick={() => open(name)}
          >
            {t(`page.graph.tab.${name}`)}
          </button>
        ))}
      </div>
      <button type="button" class="fold" aria-pressed={tall.value} title={t("page.graph.tall")} onClick={() => (tall.value = !tall.value)}>
        <span aria-hidden="true">{tall.value ? "⇩" : "⇧"}</span>
        <span class="unseen">{t("page.graph.tall")}</span>
      </button>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab.value}`} tabIndex={0}>
        <Panel />
      </div>
    </section>
  );
}

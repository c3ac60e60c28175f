// The timeline: a lane for each node, a bar for each dated link, and in words who was where in the window.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { t } from "../../words.ts";
import { days, labelOf } from "../desk.ts";
import { linkWord } from "../wording.ts";
import { edgeSelected, edges, links, nodes, period, selection, visible } from "../state.ts";
import { linkColour } from "../styling.ts";
import { ticks } from "./days.ts";
import { type Bar, type Lane, type Order, PEOPLE, clipped, frame, lanesOf, staysOf } from "./lanes.ts";
import { NodeButton, pick } from "./sign.tsx";

const LABEL = 170; // pixels
const BAR = 16;
const HEAD = 20;
const MOST_LANES = 150;
const MOST_STAYS = 100;

type Whose = "people" | "things" | "all";

export function Timeline() {
  const order = useSignal<Order>("first");
  const whose = useSignal<Whose>("people");
  const only = useSignal(false);
  const seen = visible.value;
  const wanted = only.value ? selection.value : seen.nodes;
  const { lanes, all } = useMemo(() => {
    const own = [...wanted]
      .map((key) => nodes.value.get(key))
      .filter((node) => node !== undefined)
      .filter((node) => whose.value === "all" || PEOPLE.has(node.kind) === (whose.value === "people"));
    const dated = [...seen.edges].map((id) => edges.value.get(id)).filter((edge) => edge !== undefined);
    return { lanes: lanesOf(own, links.value, seen.edges, order.value), all: frame(dated, period.value) };
  }, [wanted, seen, nodes.value, edges.value, period.value, order.value, whose.value]);
  const choice = <T extends string>(words: string, now: T, values: readonly T[], set: (value: T) => void) => (
    <label>
      {t(words)}{" "}
      <select value={now} onChange={(event) => set(event.currentTarget.value as T)}>
        {values.map((value) => (
          <option key={value} value={value}>
            {t(`${words}.${value}`)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="timeline">
      <div class="row">
        {choice("page.graph.timeline.whose", whose.value, ["people", "things", "all"], (value: Whose) => (whose.value = value))}
        {choice("page.graph.timeline.order", order.value, ["first", "name", "kind"], (value: Order) => (order.value = value))}
        <label>
          <input type="checkbox" checked={only.value} onChange={(event) => (only.value = event.currentTarget.checked)} />
          {t("page.graph.table.chosen-only", { count: selection.value.size })}
        </label>
        {lanes.length > MOST_LANES && <span class="warn">{t("page.graph.timeline.cut", { shown: MOST_LANES, count: lanes.length })}</span>}
      </div>
      <div class="split">
        {all && lanes.length > 0 ? <Drawn lanes={lanes.slice(0, MOST_LANES)} all={all} /> : <p class="quiet">{t("page.graph.timeline.none")}</p>}
        <Where />
      </div>
    </div>
  );
}

function Drawn({ lanes, all }: { lanes: Lane[]; all: { from: number; to: number } }) {
  const width = useSignal(600);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const own = box.current;
    if (!own) return;
    const watch = new ResizeObserver(() => (width.value = Math.max(300, own.clientWidth - 4)));
    watch.observe(own);
    return () => watch.disconnect();
  }, []);
  const room = width.value - LABEL - 8;
  const x = (day: number) => LABEL + Math.max(0, Math.min(1, (day - all.from) / (all.to - all.from))) * room;
  let y = HEAD;
  const placed = lanes.map((lane) => {
    const top = y;
    y += lane.rows * BAR + 6;
    return { lane, top };
  });
  return (
    <div class="lanes" ref={box} tabIndex={0} role="region" aria-label={t("page.graph.timeline")}>
      <svg width={width.value} height={y} role="group" aria-label={t("page.graph.timeline")}>
        {ticks(all.from, all.to, Math.max(2, Math.floor(room / 80)))
          .filter(({ day }) => x(day) < LABEL + room - 30)
          .map(({ day, text }) => (
          <g key={day} class="tick" aria-hidden="true">
            <line x1={x(day)} x2={x(day)} y1={HEAD - 4} y2={y} />
            <text x={x(day) + 2} y={HEAD - 7}>
              {text}
            </text>
          </g>
        ))}
        {placed.map(({ lane, top }) => (
          <g key={lane.key}>
            <LaneLabel lane={lane} top={top} />
            {lane.bars.map((bar, place) => (
              <OneBar key={place} bar={bar} x={x} top={top} end={LABEL + room} />
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

function onEnter(act: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  };
}

function LaneLabel({ lane, top }: { lane: Lane; top: number }) {
  const choose = () => pick(lane.key);
  const label = labelOf(lane.key);
  return (
    <g
      role="button"
      tabIndex={0}
      aria-pressed={selection.value.has(lane.key)}
      aria-label={label}
      class={selection.value.has(lane.key) ? "lane chosen" : "lane"}
      onClick={choose}
      onKeyDown={onEnter(choose)}
    >
      <rect x="0" y={top - 2} width={LABEL - 6} height={BAR + 2} class="ground" />
      <text x="4" y={top + BAR - 5}>
        {clipped(label, LABEL - 12)}
      </text>
      <title>{label}</title>
    </g>
  );
}

function OneBar({ bar, x, top, end }: { bar: Bar; x: (day: number) => number; top: number; end: number }) {
  const left = bar.from === null ? LABEL : x(bar.from);
  const right = bar.to === null ? end : Math.max(left + 3, x(bar.to + 1));
  const y = top + bar.row * BAR;
  const choose = () => {
    edgeSelected.value = bar.edge.id;
    selection.value = new Set([bar.edge.start, bar.edge.end]);
  };
  const when = bar.edge.provenance.map((stated) => days(stated.from, stated.to)).filter(Boolean);
  const name = `${labelOf(bar.edge.start)} – ${linkWord(bar.edge.kind)} – ${labelOf(bar.edge.end)}: ${[...new Set(when)].join(", ")}`;
  const text = clipped(labelOf(bar.other), right - left - 8);
  return (
    <g
      role="button"
      tabIndex={0}
      aria-pressed={edgeSelected.value === bar.edge.id}
      aria-label={name}
      class={edgeSelected.value === bar.edge.id ? "bar chosen" : "bar"}
      onClick={choose}
      onKeyDown={onEnter(choose)}
    >
      <rect
        x={left}
        y={y}
        width={right - left}
        height={BAR - 3}
        rx="2"
        stroke={linkColour(bar.edge.kind)}
        fill={linkColour(bar.edge.kind)}
        fill-opacity={bar.edge.fact ? 0.22 : 0.05}
        stroke-dasharray={bar.edge.fact ? undefined : "4 3"}
      />
      {bar.to === null && <path d={`M${end - 5} ${y + 2}l4 4.5l-4 4.5`} class="goes-on" />}
      {text && (
        <text x={left + 4} y={y + BAR - 6}>
          {text}
        </text>
      )}
      <title>{name}</title>
    </g>
  );
}

/** Who was where, in words. */
function Where() {
  const stays = staysOf(edges.value, visible.value.edges);
  return (
    <section class="where" aria-label={t("page.graph.where")}>
      <h4>{period.value ? t("page.graph.where.in", { ...period.value }) : t("page.graph.where")}</h4>
      {stays.length === 0 && <p class="quiet">{t("page.graph.where.nobody")}</p>}
      <ul class="list">
        {stays.slice(0, MOST_STAYS).map(({ person, place, edge }) => {
          const [who, at] = [nodes.value.get(person), nodes.value.get(place)];
          if (!who || !at) return null;
          return (
            <li key={edge.id}>
              <NodeButton node={who} />
              <NodeButton node={at} />
              <small class="quiet">{[...new Set(edge.provenance.map((stated) => days(stated.from, stated.to)))].join(", ")}</small>
            </li>
          );
        })}
      </ul>
      {stays.length > MOST_STAYS && <p class="quiet">{t("page.graph.details.rest")}</p>}
    </section>
  );
}

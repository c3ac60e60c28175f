// The analyses as questions in words, asked of what is chosen, within their bounds.

import { DayField } from "../../parts/fields.tsx";
import { t } from "../../words.ts";
import type { Analysis, Bounds } from "../calls.ts";
import { bounds, hasAuthority, hasCase, offered, working } from "../desk.ts";
import { ask, chosenLabels } from "../doing.ts";
import { assessments, edges, graphName, period, selection } from "../state.ts";
import { NO_BOUNDS, whyNot } from "./asking.ts";
import { toldApart } from "./rows.ts";

export function whyNotNow(analysis: Analysis): string {
  return whyNot(analysis, {
    chosen: selection.value.size,
    authority: hasAuthority.value,
    case: hasCase.value,
    imported: graphName.value !== "",
    bounds: bounds.value,
  });
}

/** In the order in which an enquiry goes: people and places, what joins, the whole. */
const ORDER = [
  "co-residents",
  "succession",
  "paths",
  "common",
  "between",
  "neighbours",
  "expand",
  "shared-phone",
  "shared-document",
  "aliases",
  "calls",
  "timeline",
  "new-since",
  "hubs",
  "landlords",
  "brokers",
  "communities",
];

export function questionOf(name: string): string {
  return t(`graph.question.${name}`);
}

export function inOrder(found: readonly Analysis[]): Analysis[] {
  const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return [...found].sort((one, other) => place(one.name) - place(other.name));
}

const NEEDED_ID = "graph-needs-authority";

export function Analyses() {
  const labels = chosenLabels();
  return (
    <section class="analyses">
      {!hasAuthority.value && (
        <p id={NEEDED_ID} class="warn">
          {t("page.graph.why.authority")}
        </p>
      )}
      <p class="about" dir="auto">
        {labels.length === 0 ? t("page.graph.ask.nothing") : t("page.graph.ask.about", { nodes: few(labels) })}
      </p>
      <ul class="list">
        {inOrder(offered.value?.analyses ?? []).map((analysis) => {
          const why = whyNotNow(analysis);
          const said = why === "authority"; // once, at the top
          const id = said ? NEEDED_ID : `why-${analysis.name}`;
          return (
            <li key={analysis.name}>
              <button
                type="button"
                class="question"
                aria-disabled={why ? true : undefined}
                aria-describedby={why ? id : undefined}
                disabled={working.value > 0}
                onClick={() => !why && void ask(analysis.name)}
              >
                {questionOf(analysis.name)}
              </button>
              {why && !said && (
                <small id={id} class="quiet">
                  {t(`page.graph.why.${why}`)}
                </small>
              )}
            </li>
          );
        })}
      </ul>
      <BoundsForm />
    </section>
  );
}

function few(labels: readonly string[]): string {
  const shown = labels.slice(0, 3).join(", ");
  return labels.length > 3 ? t("page.graph.and-more", { shown, more: labels.length - 3 }) : shown;
}

function BoundsForm() {
  const now = bounds.value;
  const set = (changed: Partial<Bounds>) => (bounds.value = { ...bounds.value, ...changed });
  const most = offered.value?.bounds ?? {};
  const count = (name: "hops" | "limit" | "max_links", words: string, highest: number, resting: number) => (
    <label class="field narrow">
      <span>{t(words)}</span>
      <input
        type="number"
        min={name === "limit" ? 1 : 0}
        max={highest}
        value={now[name] === resting && name !== "limit" ? "" : now[name]}
        onChange={(event) => {
          const read = Math.floor(Number(event.currentTarget.value));
          set({ [name]: Number.isFinite(read) && read > 0 ? Math.min(read, highest) : resting });
        }}
      />
    </label>
  );
  const day = (name: "from" | "to", words: string) => (
    <DayField label={t(words)} value={now[name]} set={(value) => set({ [name]: value })} />
  );
  const own = graphName.value === "";
  const linkKinds = own ? (offered.value?.edges ?? []) : freeKinds();
  const changed = JSON.stringify(now) !== JSON.stringify(NO_BOUNDS);
  return (
    <details class="bounds">
      <summary>
        {t("page.graph.bounds")}
        {changed && <span class="badge">{t("page.graph.bounds.set")}</span>}
      </summary>
      <div class="fields">
        {count("hops", "page.graph.bounds.hops", most["hops"] ?? 8, 0)}
        {count("limit", "page.graph.bounds.limit", most["nodes"] ?? 2000, NO_BOUNDS.limit)}
        {day("from", "page.graph.bounds.from")}
        {day("to", "page.graph.bounds.to")}
        {count("max_links", "page.graph.bounds.max-links", 100_000, 0)}
        <label class="field narrow">
          <span>{t("page.graph.bounds.source")}</span>
          <input
            type="text"
            dir="auto"
            maxLength={100}
            value={now.sources.join(", ")}
            onChange={(event) => set({ sources: parts(event.currentTarget.value) })}
          />
        </label>
      </div>
      {period.value && (
        <button type="button" onClick={() => period.value && set({ ...period.value })}>
          {t("page.graph.bounds.as-window")}
        </button>
      )}
      <Picked title={t("page.graph.bounds.links")} from={linkKinds} chosen={now.edges} onChange={(edges) => set({ edges })} />
      {own && (
        <Picked title={t("page.graph.bounds.kinds")} from={offered.value?.kinds ?? []} chosen={now.labels} onChange={(labels) => set({ labels })} />
      )}
      {own && (
        <label>
          <input type="checkbox" checked={assessments.value} onChange={(event) => (assessments.value = event.currentTarget.checked)} />
          {t("page.graph.assessments")}
        </label>
      )}
      {changed && (
        <button type="button" onClick={() => (bounds.value = NO_BOUNDS)}>
          {t("page.graph.bounds.rest")}
        </button>
      )}
    </details>
  );
}

const parts = (text: string): string[] => text.split(/[,，;；]/).map((part) => part.trim()).filter(Boolean);

function freeKinds(): { kind: string; word: string }[] {
  return [...new Set([...edges.value.values()].map((edge) => edge.kind))].sort().map((kind) => ({ kind, word: kind }));
}

/** Kinds to choose from, told apart where two have one word. */
function Picked(wishes: {
  title: string;
  from: readonly { kind: string; word: string }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const { title, from, chosen, onChange } = wishes;
  const words = new Map(from.map(({ kind, word }) => [kind, word]));
  const apart = toldApart(words.keys(), (kind) => words.get(kind) ?? kind);
  return (
    <fieldset>
      <legend>{title}</legend>
      {from.map(({ kind }) => (
        <label key={kind} class="g-chip">
          <input
            type="checkbox"
            checked={chosen.includes(kind)}
            onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, kind] : chosen.filter((one) => one !== kind))}
          />
          {apart(kind)}
        </label>
      ))}
    </fieldset>
  );
}

// What is left out of sight and not forgotten, by what nodes are coloured, and whether assessments are shown.

import { t } from "../../words.ts";
import { linkWord, nodeWord } from "../wording.ts";
import { toldApart } from "./rows.ts";
import { type Styling, assessments, edges, filters, graphName, hidden, nodes, styling, unhideAll, visible } from "../state.ts";
import { Field, Sign } from "./sign.tsx";

export function counted(kinds: Iterable<string>): [string, number][] {
  const found = new Map<string, number>();
  for (const kind of kinds) found.set(kind, (found.get(kind) ?? 0) + 1);
  return [...found].sort(([one], [other]) => one.localeCompare(other));
}

export function FiltersPanel() {
  const now = filters.value;
  const out = nodes.value.size - visible.value.nodes.size;
  const set = (changed: Partial<typeof now>) => (filters.value = { ...filters.value, ...changed });
  const apart = toldApart([...edges.value.values()].map((edge) => edge.kind), linkWord);
  const turned = (kinds: ReadonlySet<string>, kind: string) => {
    const next = new Set(kinds);
    if (!next.delete(kind)) next.add(kind);
    return next;
  };
  return (
    <div class="g-filters">
      <p role="status" class="small">
        {out > 0 ? t("page.graph.filters.out", { out, all: nodes.value.size }) : t("page.graph.filters.all", { all: nodes.value.size })}
      </p>
      <Field label={t("page.graph.filters.text")} value={now.text} longest={200} onDone={(text) => set({ text })} />
      <fieldset>
        <legend>{t("page.graph.filters.kinds")}</legend>
        {counted([...nodes.value.values()].map((node) => node.kind)).map(([kind, count]) => (
          <label key={kind} class="g-chip">
            <input type="checkbox" checked={!now.kinds.has(kind)} onChange={() => set({ kinds: turned(now.kinds, kind) })} />
            <Sign kind={kind} /> {nodeWord(kind)} <span class="quiet">{count}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t("page.graph.filters.links")}</legend>
        {counted([...edges.value.values()].map((edge) => edge.kind)).map(([kind, count]) => (
          <label key={kind} class="g-chip">
            <input type="checkbox" checked={!now.links.has(kind)} onChange={() => set({ links: turned(now.links, kind) })} />
            {apart(kind)} <span class="quiet">{count}</span>
          </label>
        ))}
      </fieldset>
      <div class="row wrap">
        <button type="button" onClick={() => (filters.value = { kinds: new Set(), links: new Set(), text: "" })}>
          {t("page.graph.filters.none")}
        </button>
        {hidden.value.size > 0 && (
          <button type="button" onClick={unhideAll}>
            {t("page.graph.unhide", { count: hidden.value.size })}
          </button>
        )}
      </div>
    </div>
  );
}

/** Assessments come in when they are asked for, under a warning. */
export function AssessmentsSwitch() {
  if (graphName.value) return null; // an imported graph holds no leads
  return (
    <label class={assessments.value ? "switch on" : "switch"} title={t("page.graph.assessments.hint")}>
      <input
        type="checkbox"
        role="switch"
        checked={assessments.value}
        onChange={(event) => (assessments.value = event.currentTarget.checked)}
      />
      {t("page.graph.assessments")}
    </label>
  );
}

export function StylingChoice() {
  return (
    <label>
      {t("page.graph.styling")}{" "}
      <select value={styling.value} onChange={(event) => (styling.value = event.currentTarget.value as Styling)}>
        {(["kind", "band", "date"] as const).map((name) => (
          <option key={name} value={name}>
            {t(`page.graph.styling.${name}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

// The node or the link that is chosen: what sources say of it, each with its dates; and, apart from that, what the
// analyst says.

import { remark, source } from "../../cited.ts";
import { t } from "../../words.ts";
import { expand } from "../acts.ts";
import { days, hasCase, labelOf, working } from "../desk.ts";
import { linkWord, nodeWord } from "../wording.ts";
import { analysisOf, ask, drawIn, lookInto } from "../doing.ts";
import {
  type GEdge,
  type GNode,
  type Stated,
  annotate,
  collapse,
  edgeSelected,
  edges,
  graphName,
  hidden,
  hide,
  links,
  nodes,
  notes,
  pin,
  pinned,
  remove,
  selection,
  unhideAll,
  unpin,
} from "../state.ts";
import { questionOf, whyNotNow } from "./analyses.tsx";
import { LinkLine } from "./answer.tsx";
import { Assessed, Field, NodeButton, Sign } from "./sign.tsx";

export function Details() {
  const edge = edgeSelected.value ? edges.value.get(edgeSelected.value) : undefined;
  const chosen = [...selection.value].map((key) => nodes.value.get(key)).filter((node) => node !== undefined);
  const only = chosen.length === 1 ? chosen[0] : undefined;
  return (
    <div class="details">
      {edge && <OfLink edge={edge} />}
      {only && <OfNode key={only.key} node={only} />}
      {chosen.length > 1 && <OfMany chosen={chosen} />}
      {!edge && chosen.length === 0 && <p class="quiet">{t("page.graph.details.nothing")}</p>}
      {hidden.value.size > 0 && (
        <p>
          <button type="button" onClick={unhideAll}>
            {t("page.graph.unhide", { count: hidden.value.size })}
          </button>
        </p>
      )}
    </div>
  );
}

function OfNode({ node }: { node: GNode }) {
  const note = notes.value.get(node.key);
  return (
    <>
      <h3>
        <Sign kind={node.kind} fact={node.fact} /> <span dir="auto">{labelOf(node.key)}</span>
      </h3>
      <p class="small">
        {nodeWord(node.kind)} · {node.fact ? t("graph.fact") : <Assessed />} · <code>{node.key}</code>
      </p>
      {note?.label && (
        <p class="small">
          {t("page.graph.details.called")} <span dir="auto">{node.label}</span>
        </p>
      )}
      <Doing node={node} />
      <h4>{t("page.graph.details.stated", { count: node.provenance.length })}</h4>
      <Statements stated={node.provenance} />
      <Notes node={node} />
      <Hanging node={node} />
    </>
  );
}

function Doing({ node }: { node: GNode }) {
  const unit = node.kind === "RentalUnit";
  const place = unit || node.kind === "Address";
  const own = graphName.value === "";
  const why = hasCase.value ? undefined : t("page.graph.why.case");
  const busy = working.value > 0;
  return (
    <div class="row wrap">
      <button type="button" onClick={() => expand(node.key)}>
        {t("page.graph.expand")}
      </button>
      {place && own && (
        <button type="button" disabled={busy || !!why} title={why} onClick={() => void lookInto(node.key)}>
          {t("page.graph.building.open")}
        </button>
      )}
      {unit && own && (
        <button type="button" disabled={busy || !!why} title={why} onClick={() => void drawIn(node.key)}>
          {t("page.graph.draw-in")}
        </button>
      )}
      {place && why && <small class="quiet">{why}</small>}
      <More keys={[node.key]} />
    </div>
  );
}

function More({ keys }: { keys: string[] }) {
  const allPinned = keys.every((key) => pinned.value.has(key));
  return (
    <>
      {keys.length === 1 && (
        <button type="button" onClick={() => collapse(keys[0] ?? "")}>
          {t("page.graph.collapse")}
        </button>
      )}
      <button type="button" onClick={() => hide(keys)}>
        {t("page.graph.hide")}
      </button>
      <button type="button" aria-pressed={allPinned} onClick={() => (allPinned ? unpin(keys) : pin(keys))}>
        {t("page.graph.pin")}
      </button>
      <button type="button" onClick={() => remove(keys)}>
        {t("page.graph.remove")}
      </button>
    </>
  );
}

const MARKS = ["red", "amber", "green", "blue", "violet"];

/** What the analyst says: no source, and shown as such. */
function Notes({ node }: { node: GNode }) {
  const note = notes.value.get(node.key) ?? {};
  const set = (changed: object) => annotate(node.key, { ...note, ...changed });
  return (
    <details class="own" open={Object.keys(note).length > 0}>
      <summary>{t("page.graph.own")}</summary>
      <p class="small">{t("page.graph.own.hint")}</p>
      <Field label={t("page.graph.own.label")} value={note.label ?? ""} longest={200} onDone={(label) => set({ label })} />
      <Field label={t("page.graph.own.note")} value={note.note ?? ""} rows={2} onDone={(text) => set({ note: text })} />
      <div role="radiogroup" aria-label={t("page.graph.own.mark")} class="marks">
        {["", ...MARKS].map((mark) => (
          <label key={mark} class={mark ? `mark ${mark}` : "mark"}>
            <input
              type="radio"
              name={`mark-${node.key}`}
              checked={(note.mark ?? "") === mark}
              onChange={() => set({ mark })}
            />
            <span>{t(`page.graph.mark.${mark || "none"}`)}</span>
          </label>
        ))}
      </div>
    </details>
  );
}

function Statements({ stated }: { stated: readonly Stated[] }) {
  return (
    <ul class="stated">
      {stated.map((one, place) => (
        <li key={place}>
          <span dir="auto">{source(one.source)}</span> <span class="quiet">{days(one.from, one.to)}</span>{" "}
          {one.fact ? <span class="g-fact">{t("graph.fact")}</span> : <Assessed />}
          {one.case && <span class="badge">{t("page.graph.details.of-case", { case: one.case })}</span>}
          {one.note && <p dir="auto">{remark(one.note)}</p>}
          {one.properties && (
            <dl>
              {Object.entries(one.properties).map(([name, value]) => (
                <div key={name}>
                  <dt dir="auto">{name}</dt>
                  <dd dir="auto">{value}</dd>
                </div>
              ))}
            </dl>
          )}
        </li>
      ))}
    </ul>
  );
}

const MOST_LINKS = 100;

/** The links of a node that lie on the canvas, by their kind. */
function Hanging({ node }: { node: GNode }) {
  const own = links.value.get(node.key) ?? [];
  const kinds = [...new Set(own.map((edge) => edge.kind))].sort();
  if (own.length === 0) return null;
  return (
    <>
      <h4>{t("page.graph.details.links", { count: own.length })}</h4>
      {kinds.map((kind) => (
        <section key={kind}>
          <h5>{linkWord(kind)}</h5>
          <ul class="list">
            {own
              .filter((edge) => edge.kind === kind)
              .slice(0, MOST_LINKS)
              .map((edge) => (
                <OtherEnd key={edge.id} edge={edge} from={node.key} />
              ))}
          </ul>
        </section>
      ))}
      {own.length > MOST_LINKS && <p class="quiet">{t("page.graph.details.rest")}</p>}
    </>
  );
}

function OtherEnd({ edge, from }: { edge: GEdge; from: string }) {
  const other = nodes.value.get(edge.start === from ? edge.end : edge.start);
  if (!other) return null;
  const when = edge.provenance.map((stated) => days(stated.from, stated.to)).filter(Boolean);
  return (
    <li class="row">
      <NodeButton node={other} extra={[...new Set(when)].slice(0, 3).join(", ")} />
      <button
        type="button"
        class="small"
        aria-label={t("page.graph.details.open-link", { node: labelOf(other.key) })}
        title={t("page.graph.details.open-link", { node: labelOf(other.key) })}
        onClick={() => (edgeSelected.value = edge.id)}
      >
        {edge.fact ? "⋯" : "┄"}
      </button>
    </li>
  );
}

function OfLink({ edge }: { edge: GEdge }) {
  return (
    <section class="of-link">
      <h3>
        {linkWord(edge.kind)} {edge.fact ? <span class="g-fact">{t("graph.fact")}</span> : <Assessed />}
      </h3>
      <ul class="steps">
        <LinkLine edge={edge} />
      </ul>
      <h4>{t("page.graph.details.stated", { count: edge.provenance.length })}</h4>
      <Statements stated={edge.provenance} />
      <button type="button" onClick={() => (edgeSelected.value = null)}>
        {t("page.graph.details.close-link")}
      </button>
    </section>
  );
}

function OfMany({ chosen }: { chosen: GNode[] }) {
  const kinds = new Map<string, number>();
  for (const node of chosen) kinds.set(node.kind, (kinds.get(node.kind) ?? 0) + 1);
  return (
    <>
      <h3>{t("page.graph.details.many", { count: chosen.length })}</h3>
      <p>{[...kinds].map(([kind, count]) => `${nodeWord(kind)} ${count}`).join(" · ")}</p>
      <div class="row wrap">
        {["common", "between", "paths", "co-residents"].map((name) => {
          const analysis = analysisOf(name);
          const why = analysis ? whyNotNow(analysis) : "";
          if (!analysis) return null;
          return (
            <button key={name} type="button" disabled={working.value > 0 || !!why} title={why ? t(`page.graph.why.${why}`) : undefined} onClick={() => void ask(name)}>
              {questionOf(name)}
            </button>
          );
        })}
        <More keys={chosen.map((node) => node.key)} />
      </div>
      <ul class="list">
        {chosen.slice(0, MOST_LINKS).map((node) => (
          <li key={node.key}>
            <NodeButton node={node} extra={nodeWord(node.kind)} />
          </li>
        ))}
      </ul>
      {chosen.length > MOST_LINKS && <p class="quiet">{t("page.graph.details.rest")}</p>}
    </>
  );
}

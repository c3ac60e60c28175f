// What was answered: first what the answer says of itself, then its sentences with the source and date of each link, and
// its rows.

import { remark, source } from "../../cited.ts";
import { t, has } from "../../words.ts";
import type { Answered, DrawnIn, Row } from "../calls.ts";
import { answers, cut, days, drawnIn, working } from "../desk.ts";
import { ask } from "../doing.ts";
import { linkWord, nodeWord } from "../wording.ts";
import { type GEdge, assessments, edgeSelected, edges, emphasis, graphName, nodes, selection, show } from "../state.ts";
import { questionOf } from "./analyses.tsx";
import { Grid } from "./grid.tsx";
import { columnsOf, keysOfRow } from "./rows.ts";
import { Assessed, NodeButton } from "./sign.tsx";

export function AnswerPanel() {
  const found = answers.value;
  if (drawnIn.value) return <Brought found={drawnIn.value} />;
  const first = found[0];
  if (!first) return <p class="quiet">{t("page.graph.answer.none-yet")}</p>;
  const rows = found.flatMap((answer) => answer.rows);
  const sentences = rows.filter((row) => typeof row["sentence"] === "string" && row["sentence"]);
  return (
    <div class="answer">
      <h3>{questionOf(first.analysis)}</h3>
      {cut.value && <p class="warn">{t("graph.cut")}</p>}
      {rows.length === 0 && <p>{t("graph.none")}</p>}
      {rows.length === 0 && !assessments.value && !graphName.value && <WithoutLeads analysis={first.analysis} />}
      {sentences.length > 0 ? (
        <ol class="sentences">
          {sentences.slice(0, MOST_SENTENCES).map((row, place) => (
            <Told key={place} row={row} answer={answerOf(found, row)} />
          ))}
        </ol>
      ) : (
        rows.length > 0 && <Rows found={found} rows={rows} />
      )}
      {sentences.length > MOST_SENTENCES && (
        <p class="warn">{t("page.graph.answer.more", { more: sentences.length - MOST_SENTENCES })}</p>
      )}
      <p class="quiet small">
        {t("graph.links-not-guilt")} {t("page.graph.on-record", { id: found.map((answer) => answer.consultation).join(", ") })}
      </p>
    </div>
  );
}

/** Nothing was found, and open leads were not taken in: it is not the same as "nobody". */
function WithoutLeads({ analysis }: { analysis: string }) {
  return (
    <p class="warn">
      {t("page.graph.answer.without-leads")}{" "}
      <button
        type="button"
        disabled={working.value > 0 || selection.value.size === 0}
        onClick={() => {
          assessments.value = true;
          void ask(analysis);
        }}
      >
        {t("page.graph.answer.with-leads")}
      </button>
    </p>
  );
}

const MOST_SENTENCES = 50;

const answerOf = (found: readonly Answered[], row: Row): Answered | undefined =>
  found.find((answer) => answer.rows.includes(row));

/** One path: its sentence, and each of its links with who states it and when. */
function Told({ row, answer }: { row: Row; answer: Answered | undefined }) {
  const keys = keysOfRow(row, answer?.nodes ?? []);
  const steps = keys.slice(1).map((key, place) => linksBetween(keys[place] ?? "", key));
  const choose = () => {
    const ids = steps.flat().map((edge) => edge.id);
    emphasis.value = new Set([...keys, ...ids]);
    selection.value = new Set(keys);
    show(keys);
  };
  return (
    <li>
      <p dir="auto">{row["sentence"]}</p>
      <button type="button" onClick={choose}>
        {t("page.graph.answer.show-path")}
      </button>
      <ul class="steps">
        {steps.flat().map((edge) => (
          <LinkLine key={edge.id} edge={edge} />
        ))}
      </ul>
    </li>
  );
}

function linksBetween(one: string, other: string): GEdge[] {
  return [...edges.value.values()].filter(
    (edge) => (edge.start === one && edge.end === other) || (edge.start === other && edge.end === one),
  );
}

/** A link in a line: who, what, whom, from when to when, by which source. */
export function LinkLine({ edge }: { edge: GEdge }) {
  const [from, to] = [nodes.value.get(edge.start), nodes.value.get(edge.end)];
  if (!from || !to) return null;
  return (
    <li class="link">
      <NodeButton node={from} />
      <button
        type="button"
        class={edge.fact ? "word" : "word dashed"}
        aria-pressed={edgeSelected.value === edge.id}
        onClick={() => (edgeSelected.value = edge.id)}
      >
        {linkWord(edge.kind)}
      </button>
      <NodeButton node={to} />
      {!edge.fact && <Assessed />}
      {edge.provenance.map((stated, place) => (
        <small key={place} class="quiet" dir="auto">
          {[days(stated.from, stated.to), source(stated.source), remark(stated.note)].filter(Boolean).join(" · ")}
        </small>
      ))}
    </li>
  );
}

function Rows({ found, rows }: { found: readonly Answered[]; rows: Row[] }) {
  const all = found.flatMap((answer) => answer.nodes);
  const columns = columnsOf(rows).map((name) => ({
    name,
    title: has(`graph.column.${name}`) ? t(`graph.column.${name}`) : name,
    value: (row: Row) => worded(name, row),
    number: typeof rows[0]?.[name] === "number",
    shown: (row: Row) => (
      <>
        {worded(name, row)}
        {name === "label" && row["fact"] === false && <Assessed />}
      </>
    ),
  }));
  const choose = (places: string[]) => {
    const keys = places.flatMap((place) => keysOfRow(rows[Number(place)] ?? {}, all)).filter((key) => nodes.value.has(key));
    if (keys.length === 0) return;
    selection.value = new Set(keys);
    show(keys);
  };
  const chosen = new Set<string>();
  rows.forEach((row, place) => {
    const keys = keysOfRow(row, all);
    if (keys.length > 0 && keys.every((key) => selection.value.has(key))) chosen.add(String(place));
  });
  return (
    <Grid
      name={t("page.graph.answer.rows")}
      columns={columns}
      rows={rows}
      keyOf={(_row, place) => String(place)}
      chosen={chosen}
      onChoose={choose}
    />
  );
}

function worded(column: string, row: Row): string | number {
  const value = row[column];
  if (column === "kind") return nodeWord(String(value));
  if (column === "edge") return linkWord(String(value));
  if (column === "source") return source(String(value));
  if (typeof value === "number") return value;
  return Array.isArray(value) ? value.join(", ") : String(value ?? "");
}

/** Who else is registered in a unit. */
function Brought({ found }: { found: DrawnIn }) {
  return (
    <div class="answer">
      <h3>
        {t("page.graph.draw-in.title")} <span dir="auto">{found.unit.label}</span>
      </h3>
      {found.truncated && <p class="warn">{t("graph.draw-in.cut", { cut: found.counts["cut"] ?? 0 })}</p>}
      <p class="small" dir="auto">
        {t("page.graph.draw-in.source", { file: found.file, feed: found.feed, registrations: found.counts["registrations"] ?? 0 })}
      </p>
      {found.people.length === 0 && <p>{t("page.graph.draw-in.nobody")}</p>}
      <ul class="steps">
        {found.people.map((person) => (
          <li key={person.key} class="link">
            <NodeButton node={nodes.value.get(person.key) ?? { ...person, kind: "Contact", fact: true }} />
            <span>{has(`role.${person.role}`) ? t(`role.${person.role}`) : person.role}</span>
            <small class="quiet">{days(person.from, person.to)}</small>
            {person.new && <span class="badge">{t("page.graph.new")}</span>}
          </li>
        ))}
      </ul>
      {found.left_out.length > 0 && (
        <>
          <h4>{t("page.graph.draw-in.left-out")}</h4>
          <ul>
            {found.left_out.map((item) => (
              <li key={item.reason}>{item.text}</li>
            ))}
          </ul>
        </>
      )}
      <p class="quiet small">
        {t("graph.links-not-guilt")} {t("page.graph.on-record", { id: found.consultation })}
      </p>
    </div>
  );
}


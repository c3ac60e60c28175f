// The answer as it would be read out: what to heed first, then the best match first, then what was searched.

import { useLayoutEffect, useRef } from "preact/hooks";

import { Comparison } from "../parts/comparison.tsx";
import { EntryFacts } from "../parts/entry.tsx";
import { Banners, ListAges, Trouble, tell } from "../parts/said.tsx";
import { Band, NamePair, Value, fieldWord } from "../parts/values.tsx";
import { showInGraph } from "../handover.ts";
import { leadToOpen } from "../review/handed.ts";
import { may, session } from "../session.ts";
import { lang, t } from "../words.ts";
import { type Answer, type Match, answer, answeredIn, ask, asking, openLead, opened, opening } from "./state.ts";

export function Results() {
  const shown = answer.value;
  if (shown === null) return <Before />;
  return (
    <section class="results" aria-label={t("page.ask.results")} aria-busy={asking.busy.value}>
      <Trouble trouble={asking.trouble.value} again={() => void ask()} />
      <Trouble trouble={opening.trouble.value} />
      {answeredIn.value !== lang.value && (
        <p class="remark">
          {t("page.ask.other-language")}{" "}
          <button type="button" onClick={() => void ask()}>
            {t("page.ask.again")}
          </button>
        </p>
      )}
      <Banners texts={shown.banners} />
      <Summary answer={shown} />
      {shown.against && <AgainstShown answer={shown} />}
      {shown.matches.map((match, place) => (
        <MatchCard key={`${shown.consultation} ${match.key}`} match={match} answer={shown} place={place} />
      ))}
      <footer class="quiet">
        {t("match.consultation", { id: shown.consultation })} · {t("report.policy")} <Value text={shown.policy} mono />
      </footer>
    </section>
  );
}

function Before() {
  const chosen = session.value?.reason || session.value?.case;
  return (
    <section class="results empty" aria-label={t("page.ask.results")}>
      <p>{chosen ? t("page.ask.before") : t("page.ask.before-reason")}</p>
      <p class="quiet">{t("page.ask.limits")}</p>
    </section>
  );
}

/** Nothing found is said as clearly as something found. */
function Summary({ answer: shown }: { answer: Answer }) {
  const head = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    head.current?.focus();
  }, [shown.consultation]);
  const count = shown.matches.length;
  const searched = shown.lists.filter((list) => list.status !== "missing" && list.status !== "damaged").length;
  const told = count ? t("page.ask.found", { count, lists: searched }) : t("match.none", { count: searched });
  return (
    <header class={count ? "summary" : "summary nothing"}>
      <h2 ref={head} tabIndex={-1}>
        {told}
      </h2>
      <p>
        <span class="quiet">{t("match.query")}: </span>
        <Asked answer={shown} />
      </p>
      {shown.remarks.map((remark) => (
        <p class="remark" dir="auto">
          {remark.text}
        </p>
      ))}
      {shown.truncated && <p class="remark">{t("page.ask.cut")}</p>}
      <ListAges lists={shown.lists} />
      <p class="notice">{count ? shown.notice : t("page.ask.nothing-means")}</p>
    </header>
  );
}

/** What was asked, as it was read. */
function Asked({ answer: { query } }: { answer: Answer }) {
  const told = [
    ...query.names.map((name) => ["name", name.text] as const),
    ...query.birth_dates.map((day) => ["birth-date", day] as const),
    ...query.documents.map((item) => ["document", [item.country, item.number].filter(Boolean).join(" ")] as const),
  ];
  return (
    <>
      {told.map(([field, text], place) => (
        <>
          {place > 0 && " · "}
          <span class="quiet">{fieldWord(field)} </span>
          <Value text={text} />
        </>
      ))}
    </>
  );
}

function MatchCard({ match, answer: shown, place }: { match: Match; answer: Answer; place: number }) {
  return (
    <details class="match" open={place === 0}>
      <summary>
        <Band band={match.band} />
        <strong>
          <NamePair one={shown.query.names[0]?.text ?? ""} other={match.entry.name ?? ""} />
        </strong>
        <span class="num">
          <b>{match.worded.probability}</b> · {match.worded.bits} {t("report.bits")}
        </span>
        <Value text={match.key} mono />
        {(match.entry.birth_dates?.length ?? 0) > 0 && (
          <span class="quiet">
            {fieldWord("birth-date")} {match.entry.birth_dates?.slice(0, 2).join(", ")}
          </span>
        )}
        {match.list_status !== "fresh" && <strong class="warn">{t(`list.status.${match.list_status}`)}</strong>}
        {match.worded.capped && <span class="capped">{match.worded.capped}</span>}
      </summary>
      <Comparison
        compared={match}
        band={match.band}
        left={t("page.ask.asked-person")}
        right={t("report.listed-person")}
      />
      <EntryFacts facts={match.facts} />
      <Acts match={match} />
    </details>
  );
}

function Acts({ match }: { match: Match }) {
  const lead = opened.value.get(match.key);
  return (
    <div class="act-row">
      {may("leads-open") && !lead && (
        <button
          type="button"
          disabled={opening.busy.value}
          onClick={async () => {
            const done = await openLead(match);
            if (done) tell(done.text);
          }}
        >
          {t("page.ask.open-lead")}
        </button>
      )}
      {lead && (
        <span class="done" dir="auto">
          {lead.text}
        </span>
      )}
      {lead?.lead && may("leads-show") && (
        <button type="button" onClick={() => leadToOpen(lead.lead ?? "")}>
          {t("page.ask.to-review")}
        </button>
      )}
      {may("graph") && (
        <button type="button" onClick={() => showInGraph(`Entry:${match.key}`)}>
          {t("page.parts.to-graph")}
        </button>
      )}
    </div>
  );
}

function AgainstShown({ answer: shown }: { answer: Answer }) {
  const against = shown.against;
  if (!against) return null;
  const match = against.match;
  return (
    <section class="against">
      <h3>{t("against.title", { key: `${against.list}:${against.id}` })}</h3>
      <p dir="auto">{against.text}</p>
      {match && !shown.matches.some((item) => item.key === `${against.list}:${against.id}`) && (
        <Comparison
          compared={match}
          band={match.band}
          left={t("page.ask.asked-person")}
          right={t("report.listed-person")}
        />
      )}
    </section>
  );
}

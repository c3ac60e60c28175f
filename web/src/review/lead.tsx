// One lead: both records, the evidence for and against, who answers for the entry, what people have done with it.

import { useLayoutEffect, useRef } from "preact/hooks";

import { Comparison } from "../parts/comparison.tsx";
import { EntryFacts } from "../parts/entry.tsx";
import { instant } from "../parts/format.ts";
import { Banners, ListAges, Trouble } from "../parts/said.tsx";
import { Band, Fact, NamePair, Value } from "../parts/values.tsx";
import { may } from "../session.ts";
import { t } from "../words.ts";
import { press } from "./acts.ts";
import { History } from "./history.tsx";
import type { Act } from "./keys.ts";
import { Panel } from "./panel.tsx";
import { Others } from "./others.tsx";
import type { Further, Lead } from "./shapes.ts";
import { changing, isDraft, lead, panel, reading, replayed, suggested } from "./state.ts";

export function LeadPane() {
  const own = lead.value;
  if (own === null)
    return <p class="quiet nothing">{reading.busy.value ? t("page.review.reading") : t("page.review.none-open")}</p>;
  return (
    <article class="lead">
      <LeadHead own={own} />
      <div class="banners">
        <Banners texts={own.banners} />
        <Obstacle own={own} />
      </div>
      <Buttons own={own} />
      <Panel own={own} />
      {!panel.value && <Trouble trouble={changing.trouble.value} />}
      <ReplayShown />
      <Comparison
        compared={own}
        band={own.band}
        left={t("report.registered-person")}
        right={t("report.listed-person")}
      />
      <div class="halves">
        <EntryFacts facts={own.facts} />
        <Stay own={own} />
      </div>
      {own.entries.slice(1).map((item) => (
        <FurtherEntry key={item.key} item={item} />
      ))}
      <Others own={own} />
      <History own={own} />
      <footer class="quiet">
        {own.notice} {t("match.consultation", { id: own.consultation })} · {t("report.policy")}{" "}
        <Value text={own.policy} mono />
      </footer>
    </article>
  );
}

function LeadHead({ own }: { own: Lead }) {
  const head = useRef<HTMLHeadingElement>(null);
  // With the lead, not behind it: a key that is pressed at once opens fields, and their focus must stay.
  useLayoutEffect(() => {
    head.current?.focus();
    head.current?.closest(".lead-pane")?.scrollTo(0, 0);
  }, [own.lead]);
  return (
    <header>
      <h2 ref={head} tabIndex={-1}>
        <NamePair one={own.person} other={own.entry.name ?? ""} />
      </h2>
      <p class="line">
        <Band band={own.band} />
        <span class="num">
          <b>{own.worded.probability}</b> · {own.worded.bits} {t("report.bits")}
        </span>
        {own.worded.capped && (
          <span class="capped">
            {t("report.capped")}: {own.worded.capped}
          </span>
        )}
        <b class={`state ${own.state}`}>{own.state_label}</b>
        <span>{t("leads.revision", { number: own.revision })}</span>
        <Value text={own.lead} mono />
        <Value text={own.key} mono />
        {own.assigned_to && (
          <span>
            → <Value text={own.assigned_to} />
          </span>
        )}
      </p>
      {own.flag_label && <p class="warn">{own.flag_label}</p>}
      {own.changed_labels.length > 0 && (
        <p class="warn">{t("page.review.changed-since", { fields: own.changed_labels.join(t("report.list-comma")) })}</p>
      )}
    </header>
  );
}

/** Why nothing on the entry can be confirmed, and whose second confirmation is waited for. */
function Obstacle({ own }: { own: Lead }) {
  const proposed = own.confirmation_proposed;
  return (
    <>
      {own.obstacle && (
        <div class="banner alarm" role="alert">
          <p>{own.obstacle_label}</p>
        </div>
      )}
      {proposed && own.state === "open" && (
        <div class="banner" role="status">
          <p>{t("leads.shown.proposed", { name: proposed.by, user: proposed.user, at: instant(proposed.at) })}</p>
          {proposed.note && (
            <p>
              <Value text={proposed.note} />
            </p>
          )}
        </div>
      )}
    </>
  );
}

const BUTTONS: readonly (readonly [string, Act])[] = [
  ["c", "confirm"],
  ["x", "clear"],
  ["a", "assign"],
  ["n", "note"],
  ["o", "outcome"],
  ["p", "sheet"],
  ["r", "reopen"],
  ["y", "replay"],
];

function Buttons({ own }: { own: Lead }) {
  return (
    <div class="act-row" role="group" aria-label={t("page.review.acts")}>
      {BUTTONS.map(([key, act]) => {
        const allowed = own.may[act];
        const next = suggested.value === act;
        return (
          <button
            type="button"
            key={act}
            class={next ? "suggested" : undefined}
            aria-pressed={panel.value === act}
            aria-disabled={!allowed?.allowed}
            title={allowed?.why || (next ? t("page.review.suggested") : undefined)}
            onClick={() => press(act)}
          >
            {t(`page.review.act.${act}`)} <kbd aria-hidden="true">{key}</kbd>
            {isDraft(act) && (
              <span class="warn" title={t("page.review.draft")}>
                {" •"}
                <span class="unseen">{t("page.review.draft")}</span>
              </span>
            )}
          </button>
        );
      })}
      {may("graph") && (
        <button type="button" onClick={() => press("graph")}>
          {t("page.place.graph")} <kbd aria-hidden="true">g</kbd>
        </button>
      )}
    </div>
  );
}

function ReplayShown() {
  const shown = replayed.value;
  if (shown === null) return null;
  return (
    <div class={shown.agrees ? "banner calm" : "banner alarm"} role="status">
      {shown.text.map((line) => (
        <p dir="auto" key={line}>
          {line}
        </p>
      ))}
    </div>
  );
}

function Stay({ own }: { own: Lead }) {
  const { registered } = own;
  return (
    <section class="facts">
      <h4>{t("report.rental")}</h4>
      <dl>
        <Fact word={t("report.registration")} text={own.registration_id} mono />
        <Fact word={t("page.review.role")} text={own.role_label} />
        <Fact word={t("report.feed")} text={own.feed} />
        <Fact word={t("page.review.address")} text={registered.address} />
        <Fact word={t("report.unit")} text={[registered.unit, registered.unit_code].filter(Boolean).join(" ")} />
        <Fact word={t("report.start-date")} text={registered.start_date} />
        <Fact word={t("page.review.until")} text={registered.end_date} />
        <Fact word={t("report.run")} text={own.run} mono />
      </dl>
      <ListAges lists={own.lists} />
    </section>
  );
}

/** Another entry that the lead's group takes for the same person. */
function FurtherEntry({ item }: { item: Further }) {
  const { sides, steps, not_compared, floors, worded, facts } = item;
  return (
    <details class="match" open>
      <summary>
        {t("report.also-entry")} <Value text={item.key} mono /> <Value text={item.entry.name ?? "–"} />
        {item.band !== undefined && <Band band={item.band} />}
        {worded && (
          <span class="num">
            {worded.probability} · {worded.bits} {t("report.bits")}
          </span>
        )}
        {item.obstacle_label && <b class="warn">{item.obstacle_label}</b>}
      </summary>
      {sides && steps && not_compared && floors && worded ? (
        <Comparison
          compared={{ sides, steps, not_compared, floors, worded, facts: facts ?? [] }}
          band={item.band ?? ""}
          left={t("report.registered-person")}
          right={t("report.listed-person")}
        />
      ) : (
        <p class="quiet">{t("lead.entry-joined")}</p>
      )}
      {facts && <EntryFacts facts={facts} />}
    </details>
  );
}

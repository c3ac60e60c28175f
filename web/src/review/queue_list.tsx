// The queue with its filters: two lines a lead, as much as is needed to choose.

import { instant, today } from "../parts/format.ts";
import { BANDS, STATES } from "../parts/codes.ts";
import { Choice, DayField } from "../parts/fields.tsx";
import { Band, NamePair, Value } from "../parts/values.tsx";
import { openKeys } from "../palette.tsx";
import { session } from "../session.ts";
import { t } from "../words.ts";
import { comeToQueue } from "./acts.ts";
import { unsentLeads } from "./drafts.ts";
import { FILTERS, ORDERS, type Order, ageOf, narrowed } from "./queue.ts";
import type { Queued } from "./shapes.ts";
import {
  chosen,
  drafts,
  filter,
  filters,
  known,
  lead,
  list,
  listing,
  openLead,
  order,
  queue,
  rows,
  sortBy,
} from "./state.ts";

export function QueueList() {
  return (
    <section class="queue-pane" aria-label={t("page.review.queue")}>
      <FilterForm />
      <Counted />
      <Rows />
    </section>
  );
}

function FilterForm() {
  const own = filters.value;
  const any: readonly [string, string] = ["", t("page.review.any")];
  return (
    <form class="filters" aria-label={t("page.review.filters")} onSubmit={(event) => event.preventDefault()}>
      <Choice
        label={t("report.state")}
        value={own.state}
        set={(state) => filter({ state })}
        options={[any, ...STATES.map((state) => [state, t(`lead.state.${state}`)] as const)]}
      />
      <Choice
        label={t("report.band")}
        value={own.band}
        set={(band) => filter({ band })}
        options={[any, ...BANDS.map((band) => [band, t(`band.${band}`)] as const)]}
      />
      <Choice
        label={t("report.list")}
        value={own.list}
        set={(list) => filter({ list })}
        options={[any, ...known.value.lists.map((id) => [id, id] as const)]}
      />
      <Choice
        label={t("report.feed")}
        value={own.feed}
        set={(feed) => filter({ feed })}
        options={[any, ...known.value.feeds.map((id) => [id, id] as const)]}
      />
      <AssignedFilter />
      <DayField label={t("page.review.since")} value={own.new_since} set={(new_since) => filter({ new_since })} />
      <Choice
        label={t("page.review.order")}
        value={order.value}
        set={(chosenOrder) => sortBy(chosenOrder as Order)}
        options={ORDERS.map((item) => [item, t(`page.review.order.${item}`)] as const)}
      />
      <div class="field">
        <button type="button" disabled={!narrowed(own)} onClick={() => filter(FILTERS)}>
          {t("page.review.all")}
        </button>
      </div>
    </form>
  );
}

function AssignedFilter() {
  return (
    <div class="field">
      <label for="assigned-to">{t("page.review.assigned")}</label>
      <input
        id="assigned-to"
        dir="auto"
        list="assignees"
        autocomplete="off"
        maxLength={200}
        value={filters.value.assigned}
        onChange={(event) => filter({ assigned: event.currentTarget.value })}
      />
      <datalist id="assignees">
        {[...new Set([session.value?.user ?? "", ...rows.value.map((row) => row.assigned_to ?? "")])]
          .filter(Boolean)
          .map((name) => (
            <option value={name} />
          ))}
      </datalist>
    </div>
  );
}

function Counted() {
  const shown = queue.value;
  return (
    <div class="counted">
      <span role="status">
        {listing.busy.value
          ? t("page.review.reading")
          : shown && t("leads.page", { shown: shown.leads.length, total: shown.total })}
      </span>
      {shown && <span class="quiet">{instant(shown.at).slice(11)}</span>}
      <button type="button" onClick={() => void list()} title={t("page.review.key.update")}>
        {t("page.review.update")} <kbd aria-hidden="true">u</kbd>
      </button>
      <button type="button" onClick={openKeys}>
        {t("page.palette.keys")} <kbd aria-hidden="true">?</kbd>
      </button>
    </div>
  );
}

function Rows() {
  const shown = queue.value;
  if (shown === null) return <p class="quiet">{t("page.review.before")}</p>;
  if (shown.leads.length === 0) return <p class="nothing">{t("page.review.empty")}</p>;
  const day = today();
  const unsent = unsentLeads(drafts.value);
  return (
    <>
      <ul
        ref={came}
        class="queue"
        role="listbox"
        tabIndex={0}
        aria-label={t("page.review.queue")}
        aria-activedescendant={chosen.value ? `row-${chosen.value}` : undefined}
      >
        {rows.value.map((row) => (
          <QueueRow key={row.lead} row={row} day={day} unsent={unsent.includes(row.lead)} />
        ))}
      </ul>
      {shown.leads.length < shown.total && (
        <button type="button" class="more-rows" onClick={() => void list(true)}>
          {t("page.review.more", { count: shown.total - shown.leads.length })}
        </button>
      )}
    </>
  );
}

/** Told once, when the list of rows is put into the page. */
function came(list: HTMLElement | null): void {
  if (list) comeToQueue();
}

function QueueRow({ row, day, unsent }: { row: Queued; day: string; unsent: boolean }) {
  const age = ageOf(row, day);
  const open = lead.value?.lead === row.lead;
  return (
    <li
      id={`row-${row.lead}`}
      role="option"
      aria-selected={chosen.value === row.lead}
      aria-current={open ? "true" : undefined}
      class={row.state === "open" ? undefined : "decided"}
      onClick={() => void openLead(row.lead)}
    >
      <div class="line">
        <Band band={row.band} />
        <strong class="names">
          <NamePair one={row.person} other={row.entry_name} />
        </strong>
        <span class="num">{row.probability_label}</span>
      </div>
      <div class="line quiet">
        <Value text={row.entry} mono />
        <Value text={row.feed} />
        {age !== null && <span title={instant(row.opened_at)}>{t("page.review.days", { days: age })}</span>}
        {row.state !== "open" && <b class={`state ${row.state}`}>{row.state_label}</b>}
        {row.assigned_to && (
          <span>
            → <Value text={row.assigned_to} />
          </span>
        )}
        {row.confirmation_proposed && <b class="warn">{t("page.review.proposed")}</b>}
        {row.last_outcome_label && <b>{row.last_outcome_label}</b>}
        {row.flag_label && !(row.obstacle && row.flag?.startsWith("entry-")) && (
          <span class="warn">{row.flag_label}</span>
        )}
        {row.obstacle && <b class="warn">{t(`page.review.obstacle.${row.obstacle}`)}</b>}
        {unsent && <b class="warn">{t("page.review.draft")}</b>}
      </div>
    </li>
  );
}

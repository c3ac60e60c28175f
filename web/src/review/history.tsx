// What people and nights have done with a lead, in the order of time.

import { instant } from "../parts/format.ts";
import { Value } from "../parts/values.tsx";
import { t } from "../words.ts";
import type { Lead } from "./shapes.ts";

export function History({ own }: { own: Lead }) {
  return (
    <section class="history">
      <h3>{t("page.review.history")}</h3>
      {own.decided_by && (
        <p>
          <b class={`state ${own.state}`}>{own.state_label}</b> · <Value text={own.decided_by} /> ·{" "}
          {instant(own.decided_at)} · <Value text={own.decision_label} />
        </p>
      )}
      {own.handled.length > 0 && (
        <ul>
          {own.handled.map((line) => (
            <li dir="auto" key={line}>
              {line}
            </li>
          ))}
        </ul>
      )}
      <Cleared own={own} />
      <Revisions own={own} />
      <p class="quiet">
        {t("page.review.opened-at", { at: instant(own.created_at) })} ·{" "}
        {t("page.review.changed-at", { at: instant(own.updated_at) })}
      </p>
    </section>
  );
}

function Cleared({ own }: { own: Lead }) {
  const { clearance } = own;
  if (clearance === null) return null;
  return (
    <p>
      {t("page.review.clearance")} <Value text={clearance.by} /> · {instant(clearance.at)} · {clearance.reason_label}
      {clearance.lead !== own.lead && (
        <>
          {" · "}
          <Value text={clearance.lead} mono />
        </>
      )}
      {clearance.ended_at && (
        <b class="warn"> · {t("page.review.clearance-ended", { at: instant(clearance.ended_at) })}</b>
      )}
    </p>
  );
}

function Revisions({ own }: { own: Lead }) {
  if (own.revisions.length === 0) return null;
  return (
    <table class="plain">
      <caption>{t("page.review.revisions")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("page.review.revision")}</th>
          <th scope="col">{t("report.state")}</th>
          <th scope="col" class="end">
            {t("report.bits")}
          </th>
          <th scope="col">{t("page.review.by")}</th>
          <th scope="col">{t("page.review.why")}</th>
        </tr>
      </thead>
      <tbody>
        {own.revisions.map((past) => (
          <tr key={past.revision}>
            <td>{past.revision}</td>
            <td>{past.state_label}</td>
            <td class="end num">{past.bits.toFixed(1)}</td>
            <td>
              {past.decided_by && <Value text={past.decided_by} />} {instant(past.decided_at)}
            </td>
            <td>
              <Value text={past.decision_label || "–"} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

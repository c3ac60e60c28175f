// Rows that could not be used: how many for which reason, and where they are. Their values are not shown here.

import { useSignal } from "@preact/signals";

import { ApiError, call } from "../api.ts";
import { may } from "../session.ts";
import { t } from "../words.ts";
import type { QuarantineTold } from "./shapes.ts";

/** A number that opens to its reasons. */
export function Quarantined({ run, count }: { run: string; count: number }) {
  const told = useSignal<QuarantineTold | null>(null);
  const trouble = useSignal("");
  const ask = async (rows: boolean) => {
    try {
      told.value = await call<QuarantineTold>("POST", "/quarantine", { run, rows });
      trouble.value = "";
    } catch (error) {
      trouble.value = error instanceof ApiError ? error.message : String(error);
    }
  };
  if (!may("quarantine-show")) return <>{count}</>;
  if (told.value === null)
    return (
      <>
        <button type="button" class="link" onClick={() => void ask(false)} aria-label={t("page.watch.quarantine.why", { count })}>
          {count}
        </button>
        {trouble.value && <p role="alert">{trouble.value}</p>}
      </>
    );
  const { reasons, rows, total } = told.value;
  return (
    <div class="quarantine">
      <table>
        <caption>{t("page.watch.quarantine", { count: total })}</caption>
        <tbody>
          {reasons.map((item) => (
            <tr key={`${item.reason} ${item.column}`}>
              <td class="number">{item.count}</td>
              <td>
                {item.text}
                {item.expected && <span class="quiet"> ({item.expected})</span>}
              </td>
              <td class="quiet">
                <bdi dir="auto">{item.column}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > 0 ? (
        <details open>
          <summary>{t("page.watch.quarantine.places", { shown: rows.length, total })}</summary>
          <ul>
            {rows.map((row) => (
              <li key={`${row.file}:${row.line}:${row.column}`}>
                <bdi>{row.file}</bdi>:{row.line}
              </li>
            ))}
          </ul>
          <p class="quiet">{t("page.watch.quarantine.values")}</p>
        </details>
      ) : (
        <button type="button" onClick={() => void ask(true)}>
          {t("page.watch.quarantine.where")}
        </button>
      )}
      <button type="button" onClick={() => (told.value = null)}>
        {t("page.watch.close")}
      </button>
    </div>
  );
}

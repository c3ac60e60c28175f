// How often leads turned out to be wrong, by the script of the name (A15). Counts of decisions; no person, no user.

import { call } from "../api.ts";
import { has, t } from "../words.ts";
import { Intervals, Meter } from "./charts.tsx";
import { percent } from "./figures.ts";
import { Panel, loading } from "./loading.tsx";
import type { RatesTold } from "./shapes.ts";

const rates = loading(() => call<RatesTold>("GET", "/error-rates"));

export function Rates() {
  return (
    <Panel of={rates} title={t("page.watch.rates")}>
      {(told) => (
        <>
          <p>{t("page.watch.rates.what", { least: told.least })}</p>
          {told.left_out > 0 && <p class="quiet">{t("page.watch.rates.left-out", { count: told.left_out, least: told.least })}</p>}
          {told.scripts.length === 0 ? <p>{t("page.watch.rates.none", { least: told.least })}</p> : <Shown told={told} />}
        </>
      )}
    </Panel>
  );
}

function Shown({ told }: { told: RatesTold }) {
  const word = (script: string) => t(`page.watch.script.${script}`);
  const cleared = Object.values(told.reasons).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <figure>
        <figcaption>{t("page.watch.rates.chart")}</figcaption>
        <Intervals items={told.scripts.map((item) => ({ ...item, name: word(item.script) }))} name={t("page.watch.rates.chart")} />
      </figure>
      <table>
        <thead>
          <tr>
            {["script", "decided", "confirmed", "cleared", "share"].map((name) => (
              <th key={name} scope="col">
                {t(`page.watch.rates.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {told.scripts.map((item) => (
            <tr key={item.script}>
              <th scope="row">{word(item.script)}</th>
              <td class="number">{item.decided}</td>
              <td class="number">{item.confirmed}</td>
              <td class="number">{item.cleared}</td>
              <td>{t("page.watch.rates.between", { share: percent(item.share), low: percent(item.low), high: percent(item.high) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {cleared > 0 && (
        <table>
          <caption>{t("page.watch.rates.reasons")}</caption>
          <tbody>
            {Object.entries(told.reasons).map(([reason, count]) => {
              const name = has(`clear.reason.${reason}`) ? t(`clear.reason.${reason}`) : t("page.watch.script.others");
              return (
                <tr key={reason}>
                  <th scope="row">{name}</th>
                  <td class="number">{count}</td>
                  <td>
                    <Meter share={count / cleared} name={percent(count / cleared)} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </>
  );
}

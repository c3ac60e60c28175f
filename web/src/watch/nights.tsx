// The nights of the last weeks, and the report of one.

import { signal } from "@preact/signals";

import { ApiError, call } from "../api.ts";
import { session, whenSignedOut } from "../session.ts";
import { t } from "../words.ts";
import { Days } from "./charts.tsx";
import { clock, day, lastDays, worst } from "./figures.ts";
import { Panel, loading } from "./loading.tsx";
import type { NightReport, NightTold } from "./shapes.ts";

const DAYS = 35;
const WORST = ["failed", "refused", "interrupted", "looked", "running", "done"] as const;
const nights = loading(() => call<{ nights: NightTold[]; reports: boolean }>("POST", "/nights", {}));
const opened = signal<{ night: string; report: NightReport } | null>(null);
const trouble = signal("");
whenSignedOut(() => {
  opened.value = null;
  trouble.value = "";
});

/** A night that is done and has problems asks for a look. */
function stateOf(night: NightTold): (typeof WORST)[number] {
  return night.state === "done" && (night.counts["problems"] ?? 0) > 0 ? "looked" : night.state;
}

async function show(night: string): Promise<void> {
  try {
    opened.value = { night, report: await call<NightReport>("POST", "/nights/report", { night }) };
    trouble.value = "";
  } catch (error) {
    opened.value = null;
    trouble.value = error instanceof ApiError ? error.message : String(error);
  }
}

export function Nights() {
  return (
    <Panel of={nights} title={t("page.watch.nights")}>
      {(told) =>
        told.nights.length === 0 ? (
          <p>{t("page.watch.nights.none", { days: DAYS })}</p>
        ) : (
          <>
            <Strip nights={told.nights} />
            <Table nights={told.nights} reports={told.reports} />
            {!told.reports && <p class="quiet">{t("page.watch.nights.no-reports")}</p>}
            {trouble.value && <p role="alert">{trouble.value}</p>}
            {opened.value && <Report night={opened.value.night} report={opened.value.report} />}
          </>
        )
      }
    </Panel>
  );
}

function Strip({ nights: shown }: { nights: NightTold[] }) {
  const items = lastDays(DAYS, new Date()).map((on) => {
    const those = shown.filter((night) => day(night.began_at) === on).map(stateOf);
    const state = worst(those, WORST) ?? "";
    return { day: on, state, title: `${on}: ${state ? t(`page.watch.night.${state}`) : t("page.watch.night.none")}` };
  });
  return (
    <figure>
      <figcaption>{t("page.watch.nights.chart")}</figcaption>
      <Days items={items} name={t("page.watch.nights.chart")} />
    </figure>
  );
}

function Table({ nights: shown, reports }: { nights: NightTold[]; reports: boolean }) {
  const counted = ["lists", "feeds", "runs", "leads", "problems"];
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={t("page.watch.nights")}>
      <table>
        <thead>
          <tr>
            {["began", "state", "user", ...counted].map((name) => (
              <th key={name} scope="col">
                {t(`page.watch.nights.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((night) => (
            <tr key={night.consultation} class={stateOf(night) === "done" ? undefined : "stale"}>
              <th scope="row">
                {night.night && reports ? (
                  <button type="button" class="link" onClick={() => void show(night.night ?? "")}>
                    {clock(night.began_at)}
                  </button>
                ) : (
                  clock(night.began_at)
                )}
              </th>
              <td class={["done", "running"].includes(stateOf(night)) ? undefined : "shouted"}>
                {t(`page.watch.night.${stateOf(night)}`)} {night.why && <span class="quiet">({night.why})</span>}
              </td>
              <td>
                <bdi>{night.user}</bdi>
              </td>
              {counted.map((name) => (
                <td key={name} class="number">
                  {night.counts[name] ?? "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Report({ night, report }: { night: string; report: NightReport }) {
  const leads = session.value?.may.includes("leads-show") ? report.leads : [];
  return (
    <section class="report" aria-label={t("page.watch.report", { night })}>
      <h3>{t("page.watch.report", { night })}</h3>
      {report.problems.map((item) => (
        <p key={`${item.kind} ${item.about}`} class="shout">
          {t(`night.problem.${item.kind}`)} <bdi dir="auto">{item.about}</bdi>: {item.why}
        </p>
      ))}
      {report.problems.length === 0 && <p>{t("page.watch.report.clean")}</p>}
      <ul>
        {report.lists.map((item) => (
          <li key={item.list}>
            <bdi>{item.list}</bdi>: {item.fate ? t(`night.fate.${item.fate}`) : "–"} ·{" "}
            {t("page.watch.lists.changed", { added: item.added, changed: item.changed, withdrawn: item.withdrawn })}
          </li>
        ))}
        {report.feeds.flatMap((feed) =>
          feed.files.map((file) => (
            <li key={`${feed.feed} ${file.file}`}>
              <bdi>{feed.feed}</bdi> · <bdi dir="auto">{file.file}</bdi>: {t(`night.fate.${file.fate}`)}
            </li>
          )),
        )}
      </ul>
      {leads.length > 0 && (
        <p>
          {t("page.watch.report.leads", { count: leads.length })}{" "}
          {leads.slice(0, 50).map((item) => (
            <code key={item.lead}>{item.lead} </code>
          ))}
        </p>
      )}
      <button type="button" onClick={() => (opened.value = null)}>
        {t("page.watch.close")}
      </button>
    </section>
  );
}

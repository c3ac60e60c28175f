// Screening runs: those under way with how far they are, then the last ones in counts.

import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { call } from "../api.ts";
import { t } from "../words.ts";
import { Bars, Meter } from "./charts.tsx";
import { clock, roundUp, runShare } from "./figures.ts";
import { Panel, loading } from "./loading.tsx";
import { Quarantined } from "./quarantine.tsx";
import type { Progress, RunTold, RunsTold } from "./shapes.ts";

const EVERY = 3000;
const PATIENCE = 10 * 60_000; // nobody is there any more: asking again would keep the session alive
const feed = signal("");
const runs = loading(() => call<RunsTold>("POST", "/runs", { feed: feed.value, limit: 40 }));
const news = signal<ReadonlyMap<string, Progress>>(new Map());
const running = computed(() => runs.data.value?.runs.some((run) => seen(run).state === "running") ?? false);

function seen(run: RunTold): Progress {
  return news.value.get(run.run) ?? run;
}

async function follow(): Promise<void> {
  const told = await call<{ runs: Progress[] }>("GET", "/runs/progress");
  const before = news.peek();
  news.value = new Map(told.runs.map((item) => [item.run, item]));
  const over = [...before.keys()].some((run) => !news.peek().has(run));
  if (over || (told.runs.length === 0 && running.peek())) {
    news.value = new Map();
    await runs.load();
  }
}

export function Runs() {
  const follows = running.value;
  useEffect(() => {
    if (!follows) return;
    let last = Date.now();
    const used = () => (last = Date.now());
    const ticking = setInterval(() => {
      if (!document.hidden && Date.now() - last < PATIENCE) follow().catch(() => {});
    }, EVERY);
    addEventListener("pointerdown", used);
    addEventListener("keydown", used);
    return () => {
      clearInterval(ticking);
      removeEventListener("pointerdown", used);
      removeEventListener("keydown", used);
    };
  }, [follows]);
  return (
    <Panel of={runs} title={t("page.watch.runs")}>
      {(told) => (
        <>
          <label>
            {t("page.watch.runs.feed")}{" "}
            <select
              value={feed.value}
              onChange={(event) => {
                feed.value = event.currentTarget.value;
                void runs.load();
              }}
            >
              <option value="">{t("page.watch.all")}</option>
              {told.feeds.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          {told.runs.length === 0 && <p>{t("page.watch.runs.none")}</p>}
          {told.runs.length > 0 && (
            <>
              <Drawn runs={told.runs} />
              <Table runs={told.runs} total={told.total} />
            </>
          )}
        </>
      )}
    </Panel>
  );
}

function Drawn({ runs: shown }: { runs: RunTold[] }) {
  const items = [...shown].reverse().map((run) => {
    const made = run.counts["leads_new"] ?? 0;
    const leads = made + (run.counts["leads_updated"] ?? 0) + (run.counts["leads_unchanged"] ?? 0);
    const title = t("page.watch.runs.bar", { at: clock(run.started_at), feed: run.feed, leads, made });
    return { key: run.run, title, value: leads, second: made };
  });
  const most = roundUp(Math.max(...items.map((item) => item.value)));
  return (
    <figure>
      <figcaption>{t("page.watch.runs.chart")}</figcaption>
      <Bars items={items} most={most} name={t("page.watch.runs.chart")} />
    </figure>
  );
}

function Table({ runs: shown, total }: { runs: RunTold[]; total: number }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={t("page.watch.runs")}>
      <table>
        <caption>{t("page.watch.shown", { shown: shown.length, total })}</caption>
        <thead>
          <tr>
            {["began", "feed", "state", "rows", "people", "rejected", "leads", "bands"].map((name) => (
              <th key={name} scope="col">
                {t(`page.watch.runs.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((run) => (
            <Row key={run.run} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ run }: { run: RunTold }) {
  const progress = seen(run);
  const share = progress.state === "running" ? runShare(progress) : null;
  const of = (name: string) => run.counts[name] ?? 0;
  return (
    <tr class={progress.state === "stopped" ? "stale" : undefined}>
      <th scope="row">{clock(run.started_at)}</th>
      <td>
        <bdi>{run.feed}</bdi>
        <div class="quiet">
          <bdi dir="auto">{run.file}</bdi>
        </div>
      </td>
      <td class={progress.state === "stopped" ? "shouted" : undefined}>
        {t(`page.watch.run.${progress.state}`)}
        {share !== null && (
          <Meter share={share} name={t("page.watch.run.far", { done: progress.rows_done, before: progress.rows_before })} />
        )}
      </td>
      <td class="number">{progress.rows_done}</td>
      <td class="number">{of("screened")}</td>
      <td class="number">{of("rejected") > 0 ? <Quarantined run={run.run} count={of("rejected")} /> : 0}</td>
      <td>
        {t("page.watch.runs.lead-counts", { made: of("leads_new"), updated: of("leads_updated"), gone: of("leads_withdrawn") })}
      </td>
      <td>{`${of("strong")} / ${of("possible")} / ${of("weak")}`}</td>
    </tr>
  );
}

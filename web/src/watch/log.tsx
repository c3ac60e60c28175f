// The consultation log, for whoever answers for others: who looked, when, why, and what was shown; and signs of unusual
// use.

import { signal } from "@preact/signals";

import { call } from "../api.ts";
import { whenSignedOut } from "../session.ts";
import { has, t } from "../words.ts";
import { clock } from "./figures.ts";
import { Panel, loading } from "./loading.tsx";
import type { LogItem, LogTold, UnusualTold } from "./shapes.ts";

interface Filter {
  since: string;
  until: string;
  user: string;
  case: string;
  verb: string;
  lead: string;
  entry: string;
  refused: boolean;
  interrupted: boolean;
}

const EMPTY: Filter = {
  since: "",
  until: "",
  user: "",
  case: "",
  verb: "",
  lead: "",
  entry: "",
  refused: false,
  interrupted: false,
};
const TYPED = ["user", "case", "lead", "entry"] as const;
const filter = signal<Filter>(EMPTY);
const log = loading(() => call<LogTold>("POST", "/log", { ...filter.value, since: filter.value.since || null, until: filter.value.until || null, last: 200 }));
const unusual = loading(() => call<UnusualTold>("POST", "/unusual", {}));
whenSignedOut(() => (filter.value = EMPTY));

function narrow(part: Partial<Filter>): void {
  filter.value = { ...filter.value, ...part };
}

export function Log() {
  return (
    <Panel of={log} title={t("page.watch.log")}>
      {(told) => (
        <>
          <Narrow verbs={told.verbs} />
          {told.items.length === 0 ? <p>{t("page.watch.log.none")}</p> : <Table told={told} />}
        </>
      )}
    </Panel>
  );
}

function Narrow({ verbs }: { verbs: LogTold["verbs"] }) {
  const own = filter.value;
  const ask = (event: Event) => {
    event.preventDefault();
    void log.load();
  };
  return (
    <form class="narrow" onSubmit={ask} aria-label={t("page.watch.log.narrow")}>
      {(["since", "until"] as const).map((name) => (
        <label key={name}>
          {t(`page.watch.log.${name}`)}
          <input type="date" value={own[name]} onInput={(event) => narrow({ [name]: event.currentTarget.value })} />
        </label>
      ))}
      <label>
        {t("page.watch.log.verb")}
        <select value={own.verb} onChange={(event) => narrow({ verb: event.currentTarget.value })}>
          <option value="">{t("page.watch.all")}</option>
          {verbs.map((item) => (
            <option key={item.verb} value={item.verb}>
              {item.text}
            </option>
          ))}
        </select>
      </label>
      {TYPED.map((name) => (
        <label key={name}>
          {t(`page.watch.log.${name}`)}
          <input
            dir="auto"
            maxLength={200}
            autocomplete="off"
            value={own[name]}
            onInput={(event) => narrow({ [name]: event.currentTarget.value })}
          />
        </label>
      ))}
      {(["refused", "interrupted"] as const).map((name) => (
        <label key={name} class="check">
          <input type="checkbox" checked={own[name]} onChange={(event) => narrow({ [name]: event.currentTarget.checked })} />
          {t(`page.watch.log.${name}`)}
        </label>
      ))}
      <button type="submit">{t("page.watch.log.ask")}</button>
      <button
        type="button"
        onClick={() => {
          filter.value = EMPTY;
          void log.load();
        }}
      >
        {t("page.watch.log.all")}
      </button>
    </form>
  );
}

function Table({ told }: { told: LogTold }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={t("page.watch.log")}>
      <table>
        <caption>{t("page.watch.shown", { shown: told.items.length, total: told.total })}</caption>
        <thead>
          <tr>
            {["at", "who", "why", "act", "fields", "outcome"].map((name) => (
              <th key={name} scope="col">
                {t(`page.watch.log.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {told.items.map((item) => (
            <Row key={item.consultation} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ item }: { item: LogItem }) {
  const refused = item.outcome?.refused;
  return (
    <tr class={refused || item.outcome === null ? "stale" : undefined}>
      <th scope="row" title={item.consultation}>
        {clock(item.at)}
      </th>
      <td>
        <bdi dir="auto">{item.who}</bdi>
      </td>
      <td>
        <bdi dir="auto">{item.authority}</bdi>
      </td>
      <td>{item.verb_text}</td>
      <td class="quiet">{item.fields.join(", ")}</td>
      <td>
        <Outcome item={item} />
      </td>
    </tr>
  );
}

function counted(name: string): string {
  return has(`count.${name}`) ? t(`count.${name}`) : name;
}

function Outcome({ item }: { item: LogItem }) {
  if (item.outcome === null) return <span class="shouted">{t("page.watch.log.was-interrupted")}</span>;
  if (item.outcome.refused) return <span class="shouted">{item.refused_text}</span>;
  const counts = Object.entries(item.outcome.counts).map(([name, count]) => `${counted(name)} ${count}`);
  const shown = [...item.outcome.leads, ...item.outcome.entries];
  if (shown.length === 0) return <>{counts.join(", ")}</>;
  return (
    <details>
      <summary>{counts.join(", ") || t("page.watch.log.shown", { count: shown.length })}</summary>
      <code>{shown.slice(0, 100).join(" ")}</code>
    </details>
  );
}

export function Unusual() {
  return (
    <Panel of={unusual} title={t("page.watch.unusual")}>
      {(told) => (
        <>
          <p>{t("page.watch.unusual.period", { since: told.since, until: told.until, count: told.consultations })}</p>
          {told.signs.length === 0 && <p>{t("page.watch.unusual.none")}</p>}
          {told.signs.map((sign) => (
            <p key={`${sign.rule} ${sign.text}`} class="shout">
              {sign.text}
              <br />
              <code>{sign.consultations.join(" ")}</code>
            </p>
          ))}
          <h3>{t("page.watch.unusual.rules")}</h3>
          <ul>
            {told.rules.map((rule) => (
              <li key={rule.rule}>{rule.text}</li>
            ))}
          </ul>
          <p class="quiet">{told.limits}</p>
        </>
      )}
    </Panel>
  );
}

// The lists: how old they are, what their last version changed, what ends soon. Whatever is not fresh is shouted (A16).

import { call } from "../api.ts";
import { t } from "../words.ts";
import { Meter } from "./charts.tsx";
import { ageShare } from "./figures.ts";
import { Panel, loading } from "./loading.tsx";
import { Quarantined } from "./quarantine.tsx";
import type { ListTold, ListsTold } from "./shapes.ts";

const lists = loading(() => call<ListsTold>("GET", "/lists"));

export function Lists() {
  return (
    <Panel of={lists} title={t("page.watch.lists")}>
      {(told) => (
        <>
          {told.banners.map((line) => (
            <p key={line} role="alert" class="shout">
              {line}
            </p>
          ))}
          {told.lists.length === 0 && <p>{t("page.watch.lists.none")}</p>}
          {told.lists.length > 0 && <Table lists={told.lists} />}
        </>
      )}
    </Panel>
  );
}

function Table({ lists: shown }: { lists: ListTold[] }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={t("page.watch.lists")}>
      <table>
        <thead>
          <tr>
            {["list", "state", "date", "age", "people", "changes", "ends", "rejected"].map((name) => (
              <th key={name} scope="col">
                {t(`page.watch.lists.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((list) => (
            <Row key={list.id} list={list} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ list }: { list: ListTold }) {
  const share = ageShare(list.age_days, list.max_age_days);
  const age = list.age_days === null ? "–" : t("page.watch.lists.days", { age: list.age_days });
  return (
    <tr class={list.stale ? "stale" : undefined}>
      <th scope="row">
        <bdi>{list.id}</bdi>
        <div class="quiet">
          <bdi dir="auto">{list.title}</bdi>
        </div>
      </th>
      <td class={list.stale ? "shouted" : undefined}>{t(`list.status.${list.status}`)}</td>
      <td>{list.date ?? "–"}</td>
      <td>
        {age}
        {share !== null && (
          <Meter
            share={share}
            warn={list.stale}
            name={t("page.watch.lists.of-days", { age: list.age_days ?? 0, most: list.max_age_days ?? 0 })}
          />
        )}
      </td>
      <td class="number">{list.people ?? "–"}</td>
      <td>{list.changes ? t("page.watch.lists.changed", list.changes) : "–"}</td>
      <td>
        {list.expired > 0 && <div class="warn">{t("page.watch.lists.expired", { count: list.expired })}</div>}
        {Object.entries(list.about_to_expire)
          .filter(([, count]) => count > 0)
          .map(([days, count]) => (
            <div key={days}>{t("page.watch.lists.soon", { count, days })}</div>
          ))}
      </td>
      <td class="number">
        {list.rejected && list.version ? <Quarantined run={`${list.id}@${list.version}`} count={list.rejected} /> : 0}
      </td>
    </tr>
  );
}

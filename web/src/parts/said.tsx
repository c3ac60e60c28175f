// What the page says beside its content: what went wrong, what was done, what is to be heeded first.

import { signal } from "@preact/signals";

import type { ApiError } from "../api.ts";
import { demandAuthority } from "./authority.tsx";
import type { Standing } from "./shapes.ts";
import { Value } from "./values.tsx";
import { whenSignedOut } from "../session.ts";
import { t } from "../words.ts";

const toast = signal("");
let clock: ReturnType<typeof setTimeout> | undefined;
whenSignedOut(() => {
  toast.value = "";
});

/** Tells what was done, for some seconds. */
export function tell(text: string): void {
  toast.value = text;
  clearTimeout(clock);
  clock = setTimeout(() => (toast.value = ""), 8000);
}

/** Stands once on the page of each place. */
export function Toast() {
  return (
    <div class="toast" role="status">
      {toast.value && <p dir="auto">{toast.value}</p>}
    </div>
  );
}

const WITHOUT_AUTHORITY = /^(no-reason|two-authorities|case-|reason-)/;

/** What went wrong, and what can be done about it. */
export function Trouble({ trouble, again }: { trouble: ApiError | null; again?: () => void }) {
  if (trouble === null) return null;
  const lost = trouble.code === "connection";
  return (
    <div class="banner alarm" role="alert">
      <p dir="auto">{lost ? t("page.parts.connection-lost") : trouble.message}</p>
      {WITHOUT_AUTHORITY.test(trouble.code) && (
        <button type="button" onClick={demandAuthority}>
          {t("page.parts.authority.choose")}
        </button>
      )}
      {again && (lost || trouble.status === 429 || trouble.status === 503) && (
        <button type="button" onClick={again}>
          {t("page.parts.try-again")}
        </button>
      )}
    </div>
  );
}

/** Sentences that come first: stale, damaged and missing lists, what cannot be confirmed. */
export function Banners({ texts }: { texts: readonly string[] }) {
  return (
    <>
      {texts.map((text) => (
        <div class="banner" role="alert" key={text}>
          <p dir="auto">{text}</p>
        </div>
      ))}
    </>
  );
}

/** The lists with their dates and ages, the troubled ones marked. */
export function ListAges({ lists }: { lists: readonly Standing[] }) {
  return (
    <ul class="list-ages" aria-label={t("page.parts.lists-asked")}>
      {lists.map((list) => (
        <li class={list.stale ? "stale" : undefined} key={list.id}>
          <Value text={list.id} mono /> {list.date ?? "–"}
          {list.age_days !== null && <> · {t("report.days-old", { days: list.age_days })}</>}
          {list.stale && <strong> · {list.status_label}</strong>}
        </li>
      ))}
    </ul>
  );
}

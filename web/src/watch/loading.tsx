// What a part of the watch shows was asked for at a moment, which it names; asked for again by a button.

import { type Signal, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import { ApiError } from "../api.ts";
import { demandAuthority } from "../parts/authority.tsx";
import { session, whenSignedOut } from "../session.ts";
import { t } from "../words.ts";
import { clock } from "./figures.ts";

export interface Loaded<T> {
  data: Signal<T | null>;
  trouble: Signal<ApiError | null>;
  busy: Signal<boolean>;
  at: Signal<string>;
  load(): Promise<void>;
}

export function loading<T>(ask: () => Promise<T>): Loaded<T> {
  const data = signal<T | null>(null);
  const trouble = signal<ApiError | null>(null);
  const busy = signal(false);
  const at = signal("");
  let turn = 0;
  whenSignedOut(() => {
    turn += 1;
    data.value = null;
    trouble.value = null;
    busy.value = false;
  });
  const load = async () => {
    const own = (turn += 1);
    busy.value = true;
    try {
      const found = await ask();
      if (own !== turn) return;
      data.value = found;
      trouble.value = null;
      at.value = new Date().toISOString();
    } catch (error) {
      if (own === turn) trouble.value = error instanceof ApiError ? error : new ApiError(0, "page", String(error));
    } finally {
      if (own === turn) busy.value = false;
    }
  };
  return { data, trouble, busy, at, load };
}

/** Loads when it is first shown under a reason or a case, and when another one is chosen after a refusal. Without one it
    says what is missing and asks nothing, so that no refusal goes on record. */
export function Panel<T>({
  of,
  title,
  free = false,
  children,
}: {
  of: Loaded<T>;
  title: string;
  free?: boolean; // asked without a reason, too
  children: (data: T) => ComponentChildren;
}) {
  const own = session.value;
  const authority = `${own?.reason} ${own?.case}`;
  const may = free || Boolean(own?.reason || own?.case);
  useEffect(() => {
    if (may && of.data.peek() === null && !of.busy.peek()) void of.load();
  }, [authority]);
  const { data, trouble, busy, at } = of;
  return (
    <section class="watch-part" aria-busy={busy.value}>
      <div class="watch-head">
        <h2>{title}</h2>
        {at.value && <span class="quiet">{t("page.watch.as-of", { at: clock(at.value) })}</span>}
        <button type="button" disabled={busy.value} onClick={() => (may ? void of.load() : demandAuthority())}>
          {t("page.watch.refresh")}
        </button>
      </div>
      {!may && <p class="notice">{t("page.watch.authority")}</p>}
      {may && trouble.value && (
        <p role="alert" class="notice">
          {trouble.value.message}
        </p>
      )}
      {data.value !== null ? children(data.value) : busy.value && <p role="status">{t("page.loading")}</p>}
    </section>
  );
}

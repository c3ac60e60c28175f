// What a part of the watch shows was asked for at a moment, which it names; asked for again by a button.

import { type Signal, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import { ApiError } from "../api.ts";
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

/** Loads when it is first shown, and when another reason or case is chosen after a refusal. */
export function Panel<T>({
  of,
  title,
  children,
}: {
  of: Loaded<T>;
  title: string;
  children: (data: T) => ComponentChildren;
}) {
  const authority = `${session.value?.reason} ${session.value?.case}`;
  useEffect(() => {
    if (of.data.peek() === null && !of.busy.peek()) void of.load();
  }, [authority]);
  const { data, trouble, busy, at } = of;
  return (
    <section class="watch-part" aria-busy={busy.value}>
      <div class="watch-head">
        <h2>{title}</h2>
        {at.value && <span class="quiet">{t("page.watch.as-of", { at: clock(at.value) })}</span>}
        <button type="button" disabled={busy.value} onClick={() => void of.load()}>
          {t("page.watch.refresh")}
        </button>
      </div>
      {trouble.value && (
        <p role="alert" class="notice">
          {trouble.value.message}
        </p>
      )}
      {data.value !== null ? children(data.value) : busy.value && <p role="status">{t("page.loading")}</p>}
    </section>
  );
}

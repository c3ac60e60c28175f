// The time window: two handles over the days of what lies on the canvas, worked by pointer and keys, or played.

import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { t } from "../../words.ts";
import { whenForgotten } from "../desk.ts";
import { edges, period } from "../state.ts";
import { dayNumber, density, extent, isoDay } from "./days.ts";

export const playing = signal(false);
whenForgotten.push(() => (playing.value = false));

const PARTS = 120;
const STEP_MS = 400;

const whole = computed(() => extent(edges.value.values()));
const bars = computed(() => {
  const all = whole.value;
  return all ? density(edges.value.values(), all.from, all.to, PARTS) : [];
});

/** The window moved on by a part of the whole; back to the beginning after the end. */
export function stepped(now: { from: number; to: number }, all: { from: number; to: number }): { from: number; to: number } {
  const length = now.to - now.from;
  const step = Math.max(1, Math.round(length / 4));
  if (now.to >= all.to) return { from: all.from, to: all.from + length };
  const to = Math.min(all.to, now.to + step);
  return { from: to - length, to };
}

export function play(): void {
  const all = whole.peek();
  if (!all) return;
  const narrow = Math.max(1, Math.round((all.to - all.from) / 12));
  if (!period.value) period.value = { from: isoDay(all.from), to: isoDay(all.from + narrow) };
  playing.value = !playing.value;
}

export function TimeWindow() {
  const all = whole.value;
  useEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(() => {
      const [now, bounds] = [period.peek(), whole.peek()];
      if (!now || !bounds) {
        playing.value = false;
        return;
      }
      const next = stepped({ from: dayNumber(now.from), to: dayNumber(now.to) }, bounds);
      period.value = { from: isoDay(next.from), to: isoDay(next.to) };
    }, STEP_MS);
    return () => clearInterval(timer);
  }, [playing.value]);
  if (!all) return null;
  const now = period.value;
  const from = now ? dayNumber(now.from) : all.from;
  const to = now ? dayNumber(now.to) : all.to;
  const set = (next: { from: number; to: number }) => {
    if (Number.isNaN(next.from) || Number.isNaN(next.to) || next.from > next.to) return;
    const everything = next.from <= all.from && next.to >= all.to;
    period.value = everything ? null : { from: isoDay(next.from), to: isoDay(next.to) };
  };
  const highest = Math.max(1, ...bars.value);
  const share = (day: number) => Math.max(0, Math.min(1, (day - all.from) / (all.to - all.from)));
  const handle = (name: "from" | "to", value: number) => (
    <input
      type="range"
      class={`handle ${name}`}
      min={all.from}
      max={all.to}
      value={Math.max(all.from, Math.min(all.to, value))}
      aria-label={t(`page.graph.time.${name}`)}
      aria-valuetext={isoDay(value)}
      onInput={(event) => {
        const read = Number(event.currentTarget.value);
        set(name === "from" ? { from: Math.min(read, to), to } : { from, to: Math.max(read, from) });
      }}
    />
  );
  const day = (name: "from" | "to", value: number) => (
    <input
      type="text"
      class="day"
      inputMode="numeric"
      autocomplete="off"
      maxLength={10}
      aria-label={t(`page.graph.time.${name}`)}
      value={isoDay(value)}
      onChange={(event) => {
        const read = dayNumber(event.currentTarget.value.trim());
        if (Number.isNaN(read)) event.currentTarget.value = isoDay(value);
        else set(name === "from" ? { from: read, to: Math.max(read, to) } : { from: Math.min(from, read), to: read });
      }}
    />
  );
  return (
    <section class="time" aria-label={t("page.graph.time")}>
      <button type="button" aria-pressed={playing.value} onClick={play} title={t("page.graph.time.play")}>
        <span aria-hidden="true">{playing.value ? "⏸" : "▶"}</span>
        <span class="unseen">{t("page.graph.time.play")}</span>
      </button>
      {day("from", from)}
      <div class="track">
        <svg viewBox={`0 0 ${PARTS} 20`} preserveAspectRatio="none" aria-hidden="true">
          <rect class="window" x={share(from) * PARTS} width={Math.max(0.5, (share(to) - share(from)) * PARTS)} y="0" height="20" />
          {bars.value.map((count, place) =>
            count > 0 ? (
              <rect key={place} x={place + 0.1} width="0.8" y={20 - (count / highest) * 18} height={(count / highest) * 18} />
            ) : null,
          )}
        </svg>
        {handle("from", from)}
        {handle("to", to)}
      </div>
      {day("to", to)}
      <button type="button" disabled={!now} onClick={() => ((playing.value = false), (period.value = null))}>
        {t("page.graph.time.all")}
      </button>
    </section>
  );
}

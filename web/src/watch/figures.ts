// Figures of the watch, without the DOM.

import type { Progress } from "./shapes.ts";

/** An instant as the clock on the wall has it: 2026-04-10 02:15. */
export function clock(iso: string): string {
  const at = new Date(iso);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function day(iso: string): string {
  return clock(iso).slice(0, 10);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** How much of its allowed age a list has used, 0 to 1; null: it has none, or is not there. */
export function ageShare(age: number | null, most: number | null | undefined): number | null {
  if (age === null || most === null || most === undefined || most <= 0) return null;
  return Math.max(0, Math.min(1, age / most));
}

/** How far a run seems to be, 0 to 1, by the rows of the run before; null: nothing to go by. */
export function runShare(progress: Progress): number | null {
  if (progress.rows_before <= 0) return null;
  return Math.min(0.99, progress.rows_done / progress.rows_before);
}

/** The last days, the oldest first, as ISO days. */
export function lastDays(count: number, today: Date): string[] {
  return Array.from({ length: count }, (_, place) => {
    const at = new Date(today.getFullYear(), today.getMonth(), today.getDate() - (count - 1 - place));
    return day(at.toISOString());
  });
}

/** The worst of several states, the first of this order that occurs. */
export function worst<T extends string>(states: readonly T[], order: readonly T[]): T | undefined {
  return order.find((state) => states.includes(state));
}

/** The highest round number not below: 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

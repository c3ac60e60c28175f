// Both records and the evidence as one table: a row for each field, with what it adds to the sum.

import type { Floor, Side, Step } from "./shapes.ts";

/** A field of both records (`side` null: read from a number alone) and its evidence (`step` null: not compared). */
export interface Row {
  field: string;
  label: string;
  side: Side | null;
  step: Step | null;
  verdict: string;
}

/** The rows in the order of the sum, the prior first, so that each bar begins where the one before ended; then what
 * was not compared. One comparison of addresses speaks for the registered ones where both sides state such. */
export function rowsOf(sides: readonly Side[], steps: readonly Step[]): Row[] {
  const left = new Map(sides.map((side) => [side.field, side]));
  const rows: Row[] = steps.map((step) => {
    const registered = left.get("registered-address");
    const own = step.field === "address" && registered?.left.length && registered.right.length;
    const side = left.get(own ? "registered-address" : step.field) ?? null;
    if (side) left.delete(side.field);
    return { field: step.field, label: side?.label ?? step.label, side, step, verdict: verdictOf(step) };
  });
  const rest = [...left.values()].map((side) => ({
    field: side.field,
    label: side.label,
    side,
    step: null,
    verdict: side.verdict,
  }));
  return [...rows, ...rest];
}

function verdictOf(step: Step): string {
  if (step.field === "prior") return "prior";
  return step.millibits > 0 ? "agrees" : step.millibits < 0 ? "disagrees" : "neutral";
}

/** Where a number of thousandths of a bit stands on a scale from 0 to 100 that holds all bars, zero and the floors. */
export function scaleOf(steps: readonly Step[], floors: readonly Floor[]): (millibits: number) => number {
  const ends = [0, ...floors.map((floor) => floor.millibits), ...steps.flatMap((step) => [step.start, step.end])];
  const low = Math.min(...ends) - 500;
  const span = Math.max(...ends) + 500 - low;
  return (millibits) => Math.round(((millibits - low) * 10_000) / span) / 100;
}

/** The sums of what speaks for and against one person, without the prior, in thousandths of a bit. */
export function forAndAgainst(steps: readonly Step[]): { prior: number; for: number; against: number } {
  const sums = { prior: 0, for: 0, against: 0 };
  for (const step of steps) {
    if (step.field === "prior") sums.prior += step.millibits;
    else if (step.millibits > 0) sums.for += step.millibits;
    else sums.against += step.millibits;
  }
  return sums;
}

// Undo and redo. A step keeps what it changed, before and after, and shares the records with the sheet; what is kept is
// bounded by steps and by changes, the oldest go first.

import { PARTS, type Part, type Sheet } from "./model.ts";

type Value<P extends Part> = Sheet[P] extends ReadonlyMap<string, infer V> ? V : never;
export type Differences<V = unknown> = Map<string, { before: V | undefined; after: V | undefined }>;
export type Step = { [P in Part]?: Differences<Value<P>> };

/** Notes what a change does to a sheet, part by part; `step` has only what really differs. */
export class Draft {
  readonly base: Sheet;
  readonly #step: Partial<Record<Part, Differences>> = {};

  constructor(base: Sheet) {
    this.base = base;
  }

  /** The value of a key as changed so far. */
  get<P extends Part>(part: P, key: string): Value<P> | undefined {
    const changed = this.#step[part]?.get(key);
    return (changed ? changed.after : this.base[part].get(key)) as Value<P> | undefined;
  }

  /** `undefined` takes the key out. */
  set<P extends Part>(part: P, key: string, after: Value<P> | undefined): void {
    const before = this.base[part].get(key) as unknown;
    const changes = (this.#step[part] ??= new Map());
    if (before === after) changes.delete(key);
    else changes.set(key, { before, after });
  }

  get step(): Step {
    const kept = Object.entries(this.#step).filter(([, changes]) => changes.size > 0);
    return Object.fromEntries(kept) as Step;
  }
}

export function sizeOf(step: Step): number {
  return PARTS.reduce((sum, part) => sum + (step[part]?.size ?? 0), 0);
}

/** The sheet after a step, or before it where it is taken back; parts that the step leaves alone are the same maps. */
export function applied(sheet: Sheet, step: Step, way: "forth" | "back" = "forth"): Sheet {
  const next: Record<string, ReadonlyMap<string, unknown>> = { ...sheet };
  for (const part of PARTS) {
    const changes = step[part] as Differences | undefined;
    if (!changes || changes.size === 0) continue;
    const map = new Map<string, unknown>(sheet[part]);
    for (const [key, { before, after }] of changes) {
      const value = way === "forth" ? after : before;
      if (value === undefined) map.delete(key);
      else map.set(key, value);
    }
    next[part] = map;
  }
  return next as unknown as Sheet;
}

export class History {
  readonly #mostSteps: number;
  readonly #mostChanges: number;
  #done: Step[] = [];
  #undone: Step[] = [];
  #changes = 0;

  constructor(mostSteps = 200, mostChanges = 400_000) {
    this.#mostSteps = mostSteps;
    this.#mostChanges = mostChanges;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Kept, unless it changes nothing; what was undone before can no longer be redone. */
  push(step: Step): void {
    const size = sizeOf(step);
    if (size === 0) return;
    for (const gone of this.#undone) this.#changes -= sizeOf(gone);
    this.#undone = [];
    this.#done.push(step);
    this.#changes += size;
    while (this.#done.length > this.#mostSteps || (this.#changes > this.#mostChanges && this.#done.length > 1)) {
      this.#changes -= sizeOf(this.#done.shift() as Step);
    }
  }

  get last(): Step | null {
    return this.#done.at(-1) ?? null;
  }

  /** Whether a step is among those that an undo would take back. */
  holds(step: Step): boolean {
    return this.#done.includes(step);
  }

  /** Makes a change a part of the last step. */
  amend(step: Step): void {
    const last = this.#done.at(-1);
    if (!last) return this.push(step);
    this.#changes -= sizeOf(last);
    for (const part of PARTS) {
      const more = step[part] as Differences | undefined;
      if (!more) continue;
      const held = ((last as Partial<Record<Part, Differences>>)[part] ??= new Map());
      for (const [key, { before, after }] of more) {
        const earlier = held.get(key);
        held.set(key, { before: earlier ? earlier.before : before, after });
      }
    }
    this.#changes += sizeOf(last);
  }

  undo(): Step | undefined {
    const step = this.#done.pop();
    if (step) this.#undone.push(step);
    return step;
  }

  redo(): Step | undefined {
    const step = this.#undone.pop();
    if (step) this.#done.push(step);
    return step;
  }

  clear(): void {
    this.#done = [];
    this.#undone = [];
    this.#changes = 0;
  }
}

// A piece of work that the page waits for: whether it runs, and what went wrong.

import { type Signal, signal } from "@preact/signals";

import { ApiError } from "../api.ts";

export interface Work {
  busy: Signal<boolean>;
  trouble: Signal<ApiError | null>;
  /** Runs one act; one that is still running is left behind. Answers undefined where it failed or was left behind. */
  run<T>(act: (gone: AbortSignal) => Promise<T>): Promise<T | undefined>;
  /** Leaves what is running behind, and forgets what went wrong. */
  drop(): void;
}

export function newWork(): Work {
  const busy = signal(false);
  const trouble = signal<ApiError | null>(null);
  let current: AbortController | null = null;
  const drop = () => {
    current?.abort();
    current = null;
    busy.value = false;
    trouble.value = null;
  };
  const run = async <T>(act: (gone: AbortSignal) => Promise<T>): Promise<T | undefined> => {
    drop();
    const own = new AbortController();
    current = own;
    busy.value = true;
    try {
      const answered = await act(own.signal);
      return current === own ? answered : undefined;
    } catch (error) {
      if (current === own) trouble.value = asApiError(error);
      return undefined;
    } finally {
      if (current === own) {
        current = null;
        busy.value = false;
      }
    }
  };
  return { busy, trouble, run, drop };
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "page", String(error));
}

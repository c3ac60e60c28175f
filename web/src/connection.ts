// Whether the server answers, and when it last did. Every call tells it here.

import { signal } from "@preact/signals";

export const lost = signal(false);
/** Milliseconds of the clock at the last answer to somebody signed in, from which the server counts silence. */
export const lastAnswer = signal(Date.now());

export function answered(): void {
  lastAnswer.value = Date.now();
  lost.value = false;
}

export function unanswered(): void {
  lost.value = true;
}

/** Ask until the server answers again; it needs no session and is no use of one. */
export async function reconnect(every = 2000): Promise<void> {
  while (lost.value) {
    await new Promise((done) => setTimeout(done, every));
    if (!lost.value) return;
    try {
      if ((await fetch("/healthz")).ok) lost.value = false;
    } catch {
      // not yet
    }
  }
}

// Who is signed in, for every part of the page.

import { effect, signal } from "@preact/signals";

import type { Session } from "./api.ts";

export const session = signal<Session | null>(null);

/** Whether the user's roles allow an act, by its name in the log (`leads-confirm`). */
export function may(act: string): boolean {
  return session.value?.may.includes(act) ?? false;
}

/** Acts when nobody is signed in any more: what was looked at leaves the page. */
export function whenSignedOut(act: () => void): void {
  effect(() => {
    if (session.value === null) act();
  });
}

/** Acts when another user than before signs in: what was typed and not sent leaves the page, too. */
export function whenUserChanges(act: () => void): void {
  let last = "";
  effect(() => {
    const user = session.value?.user ?? "";
    if (user && last && user !== last) act();
    if (user) last = user;
  });
}

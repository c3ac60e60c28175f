// The four places of the page. One that was opened stays as it is while another is shown, or somebody signs in again.

import { effect, signal } from "@preact/signals";
import type { ComponentType } from "preact";

import { Ask } from "../ask/ask.tsx";
import { Review } from "../review/review.tsx";
import { session } from "../session.ts";
import { t } from "../words.ts";
import { Boundary } from "./boundary.tsx";
import { lazy } from "./lazy.tsx";

const PLACES: Record<string, ComponentType> = {
  ask: Ask,
  review: Review,
  graph: lazy(async () => (await import("../graph/browser.tsx")).GraphBrowser),
  watch: lazy(async () => (await import("../watch/watch.tsx")).Watch),
};
export const NAMES = Object.keys(PLACES);

export const place = signal("ask");
const opened = signal<ReadonlySet<string>>(new Set());
const user = signal(""); // who last signed in; another's places begin anew

effect(() => {
  const name = session.value?.user;
  if (!name) return;
  if (user.peek() && user.peek() !== name) opened.value = new Set();
  user.value = name;
});
effect(() => {
  if (session.value && !opened.value.has(place.value)) opened.value = new Set([...opened.value, place.value]);
});
effect(() => {
  document.title = session.value ? `${t(`page.place.${place.value}`)} · netpursuit` : "netpursuit";
});

/** The place that the address names, if any. */
export function follow(): void {
  const named = location.hash.slice(1).split("/")[0] ?? "";
  if (named in PLACES) place.value = named;
}

export function Places() {
  return (
    <main id="main" tabIndex={-1} hidden={session.value === null} key={user.value}>
      {NAMES.filter((name) => opened.value.has(name)).map((name) => {
        const Place = PLACES[name]!;
        return (
          <section key={name} class="place" hidden={place.value !== name} aria-label={t(`page.place.${name}`)}>
            <Boundary>
              <Place />
            </Boundary>
          </section>
        );
      })}
    </main>
  );
}

// Signing in; over a page that somebody had open, without touching what stands in it.

import { signal } from "@preact/signals";

import { Entrance } from "../sign-in.tsx";
import { t } from "../words.ts";

export const problem = signal("");
export const over = signal(false); // somebody was signed in until now

export function SignIn() {
  return (
    <main class="sign-in">
      <h1>netpursuit</h1>
      {over.value && <p role="alert">{t("page.session.over")}</p>}
      {problem.value && <p role="alert">{problem.value}</p>}
      <Entrance />
    </main>
  );
}

// The frame of the page: who is signed in, why they look, and the four places they work in.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

import { ApiError, type Session, readSession, signIn, signOut, whenSignedOut } from "./api.ts";
import { Ask } from "./ask/ask.tsx";
import { GraphBrowser } from "./graph/browser.tsx";
import { Authority } from "./parts/authority.tsx";
import { Review } from "./review/review.tsx";
import { session } from "./session.ts";
import { Watch } from "./watch/watch.tsx";
import { lang, preferred, speak, t } from "./words.ts";

export const place = signal("ask");
const problem = signal("");

const PLACES: Record<string, ComponentType> = { ask: Ask, review: Review, graph: GraphBrowser, watch: Watch };

export async function start(): Promise<void> {
  whenSignedOut(() => {
    session.value = null;
  });
  await speak(preferred());
  const link = /^#link=([\w-]+)$/.exec(location.hash)?.[1];
  if (link) history.replaceState(null, "", "/");
  try {
    session.value = link ? await signIn({ link }) : await readSession();
  } catch (error) {
    if (link) problem.value = String(error instanceof ApiError ? error.message : error);
  }
  follow();
  addEventListener("hashchange", follow);
}

function follow(): void {
  const named = location.hash.slice(1).split("/")[0] ?? "";
  if (named in PLACES) place.value = named;
}

export function App() {
  if (session.value === null) return <SignIn />;
  const Place = PLACES[place.value] ?? Ask;
  return (
    <>
      <Head session={session.value} />
      <main>
        <Place />
      </main>
    </>
  );
}

function Head({ session: own }: { session: Session }) {
  return (
    <header class="head">
      <strong>netpursuit</strong>
      <nav aria-label={t("page.places")}>
        {Object.keys(PLACES).map((name) => (
          <a href={`#${name}`} aria-current={place.value === name ? "page" : undefined}>
            {t(`page.place.${name}`)}
          </a>
        ))}
      </nav>
      <Authority session={own} />
      <button type="button" onClick={() => speak(lang.value === "en" ? "zh" : "en")}>
        {t("page.other-language")}
      </button>
      <span>{own.user}</span>
      <button type="button" onClick={() => signOut().then(() => (session.value = null))}>
        {t("page.sign-out")}
      </button>
    </header>
  );
}

function SignIn() {
  return (
    <main class="sign-in">
      <h1>netpursuit</h1>
      <p>{t("page.sign-in.link")}</p>
      {problem.value && <p role="alert">{problem.value}</p>}
    </main>
  );
}

export { session };

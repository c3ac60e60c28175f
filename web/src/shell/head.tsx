// The head of the page: its places, why the user looks, and how the page is shown.

import { useState } from "preact/hooks";

import { type Session, signOut } from "../api.ts";
import { Authority } from "../parts/authority.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { PasswordForm } from "../sign-in.tsx";
import { lang, speak, t } from "../words.ts";
import { NAMES, place } from "./places.tsx";
import { THEMES, asTheme, theme, useTheme } from "./theme.ts";

export function Head({ session: own }: { session: Session }) {
  const [changing, setChanging] = useState(false);
  const other = lang.value === "en" ? "zh" : "en";
  return (
    <header class="head">
      <a class="skip" href="#main" onClick={skip}>
        {t("page.skip")}
      </a>
      <strong>netpursuit</strong>
      <nav aria-label={t("page.places")}>
        {NAMES.map((name) => (
          <a key={name} href={`#${name}`} aria-current={place.value === name ? "page" : undefined}>
            {t(`page.place.${name}`)}
          </a>
        ))}
      </nav>
      <Authority session={own} />
      {own.as_of && <strong class="as-of">{t("page.as-of", { day: own.as_of })}</strong>}
      <select
        class="theme"
        aria-label={t("page.theme")}
        value={theme.value}
        onChange={(event) => useTheme(asTheme(event.currentTarget.value))}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {t(`page.theme.${name}`)}
          </option>
        ))}
      </select>
      <button type="button" lang={other === "zh" ? "zh-Hans" : "en"} onClick={() => speak(other).catch(told)}>
        {t("page.other-language")}
      </button>
      <span class="user" dir="auto">
        {own.user}
      </span>
      {own.password && (
        <button type="button" onClick={() => setChanging(true)}>
          {t("page.password.change")}
        </button>
      )}
      {changing && (
        <Dialog title={t("page.password.title")} close={() => setChanging(false)}>
          <PasswordForm close={() => setChanging(false)} />
        </Dialog>
      )}
      <button type="button" onClick={leave}>
        {t("page.sign-out")}
      </button>
    </header>
  );
}

function skip(event: Event): void {
  event.preventDefault(); // the address names the place
  document.getElementById("main")?.focus();
}

async function leave(): Promise<void> {
  try {
    await signOut();
    location.reload(); // nothing of what was seen stays in the page's memory
  } catch {
    told();
  }
}

/** Where no answer came, a notice says so already. */
function told(): void {}

// The watch: lists, runs, nights, error rates, cases and the log; each user sees what their roles allow.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

import { may } from "../session.ts";
import { t } from "../words.ts";
import { Cases } from "./cases.tsx";
import { Lists } from "./lists.tsx";
import { Log, Unusual } from "./log.tsx";
import { Nights } from "./nights.tsx";
import { Rates } from "./rates.tsx";
import { Runs } from "./runs.tsx";
import "./watch.css";

interface Part {
  name: string;
  act: string; // empty: whoever holds a role
  Shown: ComponentType;
}

const PARTS: readonly Part[] = [
  { name: "lists", act: "lists-show", Shown: Lists },
  { name: "runs", act: "runs-show", Shown: Runs },
  { name: "nights", act: "runs-show", Shown: Nights },
  { name: "cases", act: "", Shown: Cases },
  { name: "rates", act: "rates-show", Shown: Rates },
  { name: "log", act: "audit-show", Shown: Log },
  { name: "unusual", act: "audit-unusual", Shown: Unusual },
];
const chosen = signal("");

export function Watch() {
  const allowed = PARTS.filter((part) => !part.act || may(part.act));
  const shown = allowed.find((part) => part.name === chosen.value) ?? allowed[0];
  if (!shown) return <p>{t("page.watch.nothing")}</p>;
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = (allowed.indexOf(shown) + step + allowed.length) % allowed.length;
    chosen.value = allowed[at]?.name ?? "";
    document.getElementById(`watch-${chosen.value}`)?.focus();
  };
  const { Shown } = shown;
  return (
    <div class="watch">
      <h1 class="unseen">{t("page.place.watch")}</h1>
      <div class="tabs" role="tablist" aria-label={t("page.place.watch")} onKeyDown={move}>
        {allowed.map((part) => (
          <button
            key={part.name}
            type="button"
            role="tab"
            id={`watch-${part.name}`}
            aria-selected={part === shown}
            aria-controls="watch-panel"
            tabIndex={part === shown ? 0 : -1}
            onClick={() => (chosen.value = part.name)}
          >
            {t(`page.watch.${part.name}`)}
          </button>
        ))}
      </div>
      <div id="watch-panel" role="tabpanel" aria-labelledby={`watch-${shown.name}`}>
        <Shown key={shown.name} />
      </div>
    </div>
  );
}

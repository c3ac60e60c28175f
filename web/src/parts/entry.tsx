// What an entry tells a human: who answers for it, under which instrument, and where to ask. None of it is scored.

import type { EntryFact } from "./shapes.ts";
import { safeLink } from "./format.ts";
import { Value } from "./values.tsx";
import { t } from "../words.ts";

const LONG = 200; // characters of a description that are shown before the rest is folded away
const WIDE = 36; // characters beyond which a fact takes a row of its own

export function EntryFacts({ facts }: { facts: readonly EntryFact[] }) {
  return (
    <section class="facts">
      <h4>
        {t("report.who-answers")} <span class="quiet">{t("page.parts.never-scored")}</span>
      </h4>
      {facts.length === 0 ? (
        <p class="quiet">{t("report.entry-gone")}</p>
      ) : (
        <dl>
          {facts.map((fact) => (
            <div class={fact.text.length > WIDE ? "fact wide" : "fact"} key={fact.key}>
              <dt>{fact.label}</dt>
              <dd>
                <FactText fact={fact} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function FactText({ fact }: { fact: EntryFact }) {
  const href = safeLink(fact.href ?? "");
  if (href)
    return (
      <a href={href} target="_blank" rel="noreferrer noopener">
        {fact.text}
      </a>
    );
  if (fact.text.length <= LONG) return <Value text={fact.text} />;
  return (
    <details>
      <summary>
        <Value text={`${fact.text.slice(0, LONG).trimEnd()} …`} />
      </summary>
      <Value text={fact.text} />
    </details>
  );
}

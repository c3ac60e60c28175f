// The other candidates of the same registration: clearing one never hides another (A7).

import { Band, NamePair, Value } from "../parts/values.tsx";
import { t } from "../words.ts";
import type { Lead } from "./shapes.ts";
import { openLead } from "./state.ts";

export function Others({ own }: { own: Lead }) {
  return (
    <section class="others">
      <h3>{t("page.review.others")}</h3>
      {own.others.length === 0 ? (
        <p class="quiet">{t("page.review.no-others")}</p>
      ) : (
        <ul>
          {own.others.map((other) => (
            <li key={other.lead}>
              <button type="button" onClick={() => void openLead(other.lead)}>
                <Band band={other.band} /> <NamePair one={other.person} other={other.entry_name} />
              </button>
              <span class="num">{other.probability_label}</span> <Value text={other.entry} mono />
              <span class="quiet">
                {" "}
                {other.role_label} · {t(other.same_person ? "page.review.same-person" : "page.review.another-person")} ·{" "}
              </span>
              <b class={`state ${other.state}`}>{other.state_label}</b>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

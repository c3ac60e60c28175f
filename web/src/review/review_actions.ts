// What can be done in the review, by name and key, while it is shown.

import { offer } from "../actions.ts";
import { targetKind } from "../parts/keys.ts";
import { press } from "./acts.ts";
import { KEYS, whyNot } from "./keys.ts";
import { lead, panel } from "./state.ts";

export function offerReview(): () => void {
  return offer(
    ...KEYS.map(([keys, act]) => ({
      id: `review.${act}`,
      words: `page.review.key.${act}`,
      group: "page.place.review",
      keys,
      run: () => press(act),
      why: () => {
        const pressing = targetKind(document.activeElement) === "control";
        const why = whyNot(act, { lead: lead.value !== null, writing: panel.value !== "", pressing });
        return why && `page.review.why.${why}`;
      },
    })),
  );
}

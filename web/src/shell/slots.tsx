// Parts of the frame that stand elsewhere: why the user looks, and the command palette.

import type { Session } from "../api.ts";
import { t } from "../words.ts";

export function Authority({ session: own }: { session: Session }) {
  return (
    <span class="authority" dir="auto">
      {own.case || own.reason || t("page.no-reason")}
    </span>
  );
}

export function Palette() {
  return null;
}

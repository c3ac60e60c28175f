// The review: the queue on the left, the open lead on the right, one key for each act.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { isAway } from "../parts/keys.ts";
import { Banners, Toast, Trouble } from "../parts/said.tsx";
import { session } from "../session.ts";
import { place } from "../shell/places.tsx";
import { lang, t } from "../words.ts";
import { handed } from "./handed.ts";
import { comeToQueue } from "./acts.ts";
import { LeadPane } from "./lead.tsx";
import { QueueList } from "./queue_list.tsx";
import { offerReview } from "./review_actions.ts";
import { close, lead, list, listing, openLead, queue, reading, reread } from "./state.ts";
import "../parts/parts.css";
import "./review.css";

export function Review() {
  const own = useRef<HTMLDivElement>(null);
  const authority = session.value?.reason || session.value?.case || "";
  const brought = handed.value;
  const shown = place.value === "review"; // it stays mounted while another place is shown: its keys do not
  useEffect(() => (shown ? offerReview() : undefined), [shown]);
  useEffect(() => {
    if (!authority) return;
    if (queue.value === null && !listing.busy.value) void list();
    handed.value = null;
    if (brought) void openLead(brought);
  }, [authority, brought]);
  useLayoutEffect(() => {
    if (shown) comeToQueue();
  }, [shown]);
  useEffect(() => {
    if (session.value && queue.value) reread();
  }, [lang.value]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || isAway(own.current)) return;
      if (!document.querySelector("dialog[open]")) close();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  return (
    <div class="review" ref={own}>
      <h1 class="unseen">{t("page.place.review")}</h1>
      <QueueList />
      <section class="lead-pane" aria-label={t("page.review.lead")} aria-busy={reading.busy.value}>
        <Trouble trouble={listing.trouble.value} again={() => void list()} />
        <Trouble trouble={reading.trouble.value} />
        {lead.value === null && <Banners texts={queue.value?.banners ?? []} />}
        <LeadPane />
      </section>
      <Toast />
    </div>
  );
}

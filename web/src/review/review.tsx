// The review: the queue on the left, the open lead on the right, one key for each act.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { Dialog } from "../parts/dialog.tsx";
import { isAway, targetKind } from "../parts/keys.ts";
import { Banners, Toast, Trouble } from "../parts/said.tsx";
import { session } from "../session.ts";
import { lang, t } from "../words.ts";
import { handed } from "./handed.ts";
import { press, toQueue } from "./acts.ts";
import { KEYS, actOf } from "./keys.ts";
import { keysOn, setKeys } from "./keys_on.ts";
import { LeadPane } from "./lead.tsx";
import { QueueList } from "./queue_list.tsx";
import { lead, list, listing, openLead, panel, queue, reading, reread } from "./state.ts";
import "../parts/parts.css";
import "./review.css";

const telling = signal(false);

export function Review() {
  const own = useRef<HTMLDivElement>(null);
  const authority = session.value?.reason || session.value?.case || "";
  const brought = handed.value;
  useEffect(() => {
    if (!authority) return;
    if (queue.value === null && !listing.busy.value) void list();
    handed.value = null;
    if (brought) void openLead(brought);
  }, [authority, brought]);
  useEffect(() => {
    const come = () => {
      const away = document.activeElement?.closest("header.head") ?? null;
      if (!isAway(own.current) && (away || document.activeElement === document.body)) toQueue();
    };
    const shown = () => setTimeout(come); // once the place is there
    shown();
    addEventListener("hashchange", shown);
    return () => removeEventListener("hashchange", shown);
  }, [queue.value === null]);
  useEffect(() => {
    if (session.value && queue.value) reread();
  }, [lang.value]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || telling.value || isAway(own.current)) return;
      const act = actOf(event, targetKind(event.target));
      // While something is written, a key that misses its field does nothing.
      if (act === null || ((!keysOn.value || panel.value) && act !== "close")) return;
      if (act === "keys") telling.value = true;
      else press(act);
      if (act !== "close") event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  return (
    <div class="review" ref={own}>
      <h1 class="unseen">{t("page.place.review")}</h1>
      <QueueList keys={() => (telling.value = true)} />
      <section class="lead-pane" aria-label={t("page.review.lead")} aria-busy={reading.busy.value}>
        <Trouble trouble={listing.trouble.value} again={() => void list()} />
        <Trouble trouble={reading.trouble.value} />
        {lead.value === null && <Banners texts={queue.value?.banners ?? []} />}
        <LeadPane />
      </section>
      {telling.value && <KeysTold />}
      <Toast />
    </div>
  );
}

function KeysTold() {
  return (
    <Dialog title={t("page.review.keys")} close={() => (telling.value = false)}>
      <dl class="keys">
        {KEYS.map(([key, act]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`page.review.key.${act}`)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Ctrl+Enter</kbd>
          </dt>
          <dd>{t("page.review.key.send")}</dd>
        </div>
      </dl>
      <label class="check">
        <input type="checkbox" checked={keysOn.value} onChange={(event) => setKeys(event.currentTarget.checked)} />{" "}
        {t("page.review.keys-on")}
      </label>
    </Dialog>
  );
}

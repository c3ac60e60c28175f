// What the frame of the page tells: that the server does not answer, that the session is about to end.

import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { readSession } from "../api.ts";
import { lastAnswer, lost, reconnect } from "../connection.ts";
import { session } from "../session.ts";
import { t } from "../words.ts";
import { type Left, howLong } from "./idle.ts";

const TICK = 5000;
const left = signal<Left>("long");
const endsAt = signal(0);

effect(() => {
  if (session.value) endsAt.value = Date.now() + session.value.seconds_left * 1000;
});
effect(() => {
  if (lost.value) void reconnect();
});

function look(): void {
  const own = session.peek();
  if (!own) return;
  left.value = howLong(Date.now(), lastAnswer.peek(), { idleSeconds: own.idle_seconds, endsAt: endsAt.peek() });
  if (left.value === "over") session.value = null;
}

async function stay(): Promise<void> {
  try {
    session.value = await readSession();
  } catch {
    // the page has told already that nobody answers, or asks to sign in
  }
  look();
}

export function Notices() {
  useEffect(() => {
    const ticking = setInterval(look, TICK);
    return () => clearInterval(ticking);
  }, []);
  return (
    <div class="notices">
      <div role="alert">{lost.value && <p class="notice">{t("page.connection.lost")}</p>}</div>
      <div role="status">
        {session.value && left.value === "silent" && (
          <p class="notice">
            {t("page.session.silent")}{" "}
            <button type="button" onClick={stay}>
              {t("page.session.stay")}
            </button>
          </p>
        )}
        {session.value && left.value === "ending" && <p class="notice">{t("page.session.ending")}</p>}
      </div>
    </div>
  );
}

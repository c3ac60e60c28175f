// Why the user looks: a reason (code and task) chosen once a shift, or one of their cases. Shown all the time, in the
// head of the page; without one nothing is asked.

import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { type Session, chooseAuthority } from "../api.ts";
import { session, whenSignedOut } from "../session.ts";
import { t } from "../words.ts";
import { REASONS } from "./codes.ts";
import { joinReason, splitReason } from "./reason.ts";
import { Value, term } from "./values.tsx";
import { newWork } from "./work.ts";

const choosing = signal(false);
const demanded = signal(0); // counts demands, so that each one moves the focus
const work = newWork();
whenSignedOut(() => {
  choosing.value = false;
  demanded.value = 0;
});

/** Whether the user may ask; where no reason and no case is chosen, the page says so and goes to the chooser. */
export function authorised(): boolean {
  const own = session.value;
  if (own && (own.reason || own.case)) return true;
  demandAuthority();
  return false;
}

export function demandAuthority(): void {
  choosing.value = true;
  demanded.value += 1;
}

export function Authority({ session: own }: { session: Session }) {
  const chosen = Boolean(own.reason || own.case);
  if (chosen && !choosing.value)
    return (
      <button type="button" class="authority" title={t("page.parts.authority.change")} onClick={demandAuthority}>
        {own.case ? <CaseShown own={own} /> : <ReasonShown reason={own.reason} />}
      </button>
    );
  return <Chooser own={own} chosen={chosen} />;
}

function ReasonShown({ reason }: { reason: string }) {
  const { code, task } = splitReason(reason);
  return (
    <>
      <span class="quiet">{t("page.parts.authority.reason")}</span> {term(`reason.${code}`, code)} · <Value text={task} />
    </>
  );
}

function CaseShown({ own }: { own: Session }) {
  const title = own.cases.find((item) => item.id === own.case)?.title ?? "";
  return (
    <>
      <span class="quiet">{t("report.case")}</span> <Value text={own.case} /> {title && "· "}
      <Value text={title} />
    </>
  );
}

const picked = signal("");
const task = signal("");

function Chooser({ own, chosen }: { own: Session; chosen: boolean }) {
  const select = useRef<HTMLSelectElement>(null);
  const typed = useRef<HTMLInputElement>(null);
  const asked = demanded.value;
  useLayoutEffect(() => {
    if (asked) select.current?.focus();
  }, [asked]);
  useLayoutEffect(() => {
    const now = splitReason(own.reason);
    picked.value = own.case ? `case:${own.case}` : now.code ? `reason:${now.code}` : "";
    task.value = now.task;
  }, [own.case, own.reason]);
  const [kind, value] = halves(picked.value);
  const use = async (event: Event) => {
    event.preventDefault();
    if (!value) return select.current?.focus();
    if (kind === "reason" && !task.value.trim()) return typed.current?.focus();
    const stated = kind === "case" ? { case: value } : { reason: joinReason(value, task.value) };
    const answered = await work.run(() => chooseAuthority(stated));
    if (answered) {
      session.value = answered;
      choosing.value = false;
    }
  };
  const cancel = (event: KeyboardEvent) => {
    if (event.key === "Escape" && chosen) choosing.value = false;
  };
  return (
    <form class="authority chooser" onSubmit={use} onKeyDown={cancel} aria-label={t("page.parts.authority")}>
      {!chosen && <strong class="warn">{t("page.parts.authority.none")}</strong>}
      <select
        ref={select}
        aria-label={t("page.parts.authority.which")}
        value={picked.value}
        onChange={(event) => {
          picked.value = event.currentTarget.value;
          if (picked.value.startsWith("reason:")) queueMicrotask(() => typed.current?.focus());
        }}
      >
        <option value="">{t("page.parts.authority.pick")}</option>
        <optgroup label={t("page.parts.authority.reason")}>
          {REASONS.map((code) => (
            <option value={`reason:${code}`}>{t(`reason.${code}`)}</option>
          ))}
        </optgroup>
        {own.cases.length > 0 && (
          <optgroup label={t("report.case")}>
            {own.cases.map((item) => (
              <option value={`case:${item.id}`}>
                {item.id} · {item.title}
              </option>
            ))}
          </optgroup>
        )}
      </select>
      {kind === "reason" && (
        <input
          ref={typed}
          dir="auto"
          maxLength={80}
          aria-label={t("page.parts.authority.task")}
          placeholder={t("page.parts.authority.task")}
          value={task.value}
          onInput={(event) => (task.value = event.currentTarget.value)}
        />
      )}
      <button type="submit" class="primary" aria-disabled={work.busy.value}>
        {t("page.parts.authority.use")}
      </button>
      {chosen && (
        <button type="button" onClick={() => (choosing.value = false)}>
          {t("page.parts.cancel")}
        </button>
      )}
      {work.trouble.value && (
        <span role="alert" class="warn" dir="auto">
          {work.trouble.value.message}
        </span>
      )}
    </form>
  );
}

function halves(text: string): [string, string] {
  const at = text.indexOf(":");
  return at < 0 ? ["", ""] : [text.slice(0, at), text.slice(at + 1)];
}

// The fields of an act, between the buttons and the records, so that both are seen while something is written.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { SPOT_RESULTS } from "../parts/codes.ts";
import { TextArea, TextField } from "../parts/fields.tsx";
import { Trouble } from "../parts/said.tsx";
import { session } from "../session.ts";
import { t } from "../words.ts";
import type { Lead } from "./shapes.ts";
import { change, changing, conflict, discard, draft, isDraft, myName, panel, write } from "./state.ts";

export function Panel({ own }: { own: Lead }) {
  const act = panel.value;
  if (!act) return null;
  return (
    <>
      <ConflictShown />
      <PanelOf key={`${own.lead} ${act}`} own={own} act={act} />
    </>
  );
}

function PanelOf({ own, act }: { own: Lead; act: string }) {
  switch (act) {
    case "confirm":
      return <Confirm own={own} />;
    case "clear":
      return <Clear own={own} />;
    case "assign":
      return <Assign own={own} />;
    case "note":
      return <Note />;
    case "outcome":
      return <SpotOutcome />;
    default:
      return <Reopen />;
  }
}

/** Somebody was faster: who did what, while what was typed stays. */
function ConflictShown() {
  const shown = conflict.value;
  if (shown === null) return null;
  return (
    <div class="banner alarm" role="alert">
      <p dir="auto">{shown.detail}</p>
      <p>{t("page.review.conflict", { state: shown.lead.state_label })}</p>
    </div>
  );
}

interface FormShown {
  act: string;
  send: string;
  ready: boolean;
  body: () => Record<string, unknown>;
  children: ComponentChildren;
}

/** The first field has the focus at once, so that the next key is typed into it. A button that works keeps the focus. */
function ActForm({ act, send, ready, body, children }: FormShown) {
  const own = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    own.current?.querySelector<HTMLElement>("[autofocus], input, select, textarea")?.focus();
  }, []);
  const submit = () => {
    if (ready && !changing.busy.value) void change(act, body());
    else own.current?.reportValidity();
  };
  return (
    <form
      ref={own}
      class="panel"
      aria-label={t(`page.review.act.${act}`)}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          submit();
        }
      }}
    >
      {children}
      <div class="act-row">
        <button type="submit" class="primary" aria-disabled={changing.busy.value} aria-busy={changing.busy.value}>
          {changing.busy.value ? t("page.review.sending") : send}
        </button>
        <button type="button" onClick={() => (panel.value = "")}>
          {t("page.parts.close")} <kbd aria-hidden="true">Esc</kbd>
        </button>
        {isDraft(act) && (
          <button type="button" onClick={() => discard(act)}>
            {t("page.review.discard")}
          </button>
        )}
      </div>
      <Trouble trouble={changing.trouble.value} again={submit} />
    </form>
  );
}

function text(act: string, field: string): string {
  const value = draft(act)[field];
  return typeof value === "string" ? value : "";
}

/** Who says it. The last name is offered again; it is a field to be read, not a fact to be taken. */
function nameOf(act: string): string {
  return text(act, "name") || myName.value;
}

function NameField({ act }: { act: string }) {
  return (
    <TextField
      label={t("page.review.your-name")}
      name="name"
      required
      max={200}
      value={nameOf(act)}
      set={(name) => write(act, { name })}
    />
  );
}

function Statement({ act, fact, word }: { act: string; fact: string; word: string }) {
  return (
    <label class="check statement">
      <input
        type="checkbox"
        name={fact}
        required
        checked={draft(act)[fact] === true}
        onChange={(event) => write(act, { [fact]: event.currentTarget.checked })}
      />{" "}
      {word}
    </label>
  );
}

/** Two facts, each stated for itself and never by itself (A5). */
function Confirm({ own }: { own: Lead }) {
  const act = "confirm";
  const said = draft(act);
  const both = said.same_person === true && said.entry_in_force === true;
  const name = nameOf(act).trim();
  const reason = text(act, "reason").trim();
  const second = own.confirmation_proposed !== null;
  return (
    <ActForm
      act={act}
      send={own.four_eyes && !second ? t("page.review.propose") : t("page.review.act.confirm")}
      ready={both && name !== "" && reason !== ""}
      body={() => ({ same_person: true, entry_in_force: true, name, reason, as_of: null })}
    >
      <p>{t("page.review.two-facts")}</p>
      {own.four_eyes && <p class="quiet">{t(second ? "page.review.second" : "page.review.first")}</p>}
      <Statement act={act} fact="same_person" word={t("page.review.same")} />
      <Statement act={act} fact="entry_in_force" word={t("page.review.in-force")} />
      <div class="two">
        <NameField act={act} />
        <TextArea
          label={t("page.review.rests-on")}
          name="reason"
          required
          value={text(act, "reason")}
          set={(typed) => write(act, { reason: typed })}
        />
      </div>
    </ActForm>
  );
}

interface RadiosShown {
  act: string;
  field: string;
  legend: string;
  options: readonly (readonly [string, string])[];
}

/** One of several, by mouse, arrows or its number. */
function Radios({ act, field, legend, options }: RadiosShown) {
  const value = text(act, field);
  return (
    <fieldset
      class="radios"
      onKeyDown={(event) => {
        const option = options[Number(event.key) - 1];
        if (!option || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        write(act, { [field]: option[0] });
        event.currentTarget.querySelector<HTMLElement>(`[value="${option[0]}"]`)?.focus();
      }}
    >
      <legend>{legend}</legend>
      {options.map(([code, word], place) => (
        <label class="check" key={code}>
          <input
            type="radio"
            name={field}
            value={code}
            required
            checked={value === code}
            onChange={() => write(act, { [field]: code })}
          />{" "}
          <kbd aria-hidden="true">{place + 1}</kbd> {word}
        </label>
      ))}
    </fieldset>
  );
}

function Clear({ own }: { own: Lead }) {
  const act = "clear";
  const [reason, name, note] = [text(act, "reason"), nameOf(act).trim(), text(act, "note").trim()];
  return (
    <ActForm
      act={act}
      send={t("page.review.act.clear")}
      ready={reason !== "" && name !== ""}
      body={() => ({ reason, name, note })}
    >
      <p class="quiet">{t("page.review.clear-means")}</p>
      <Radios
        act={act}
        field="reason"
        legend={t("page.review.clear-why")}
        options={own.clear_reasons.map((code) => [code, t(`clear.reason.${code}`)] as const)}
      />
      <div class="two">
        <NameField act={act} />
        <NoteField act={act} label={t("page.review.note-optional")} />
      </div>
    </ActForm>
  );
}

function NoteField({ act, label, required = false }: { act: string; label: string; required?: boolean }) {
  return (
    <TextArea
      label={label}
      name="note"
      required={required}
      value={text(act, "note")}
      set={(note) => write(act, { note })}
    />
  );
}

function Assign({ own }: { own: Lead }) {
  const act = "assign";
  const stated = draft(act).to;
  const to = typeof stated === "string" ? stated : (own.assigned_to ?? session.value?.user ?? "");
  return (
    <ActForm act={act} send={t("page.review.act.assign")} ready body={() => ({ to: to.trim() })}>
      <TextField
        label={t("page.review.assign-to")}
        name="to"
        hint={t("page.review.nobody")}
        max={200}
        value={to}
        set={(typed) => write(act, { to: typed })}
      />
    </ActForm>
  );
}

function Note() {
  const act = "note";
  const [name, note] = [nameOf(act).trim(), text(act, "note").trim()];
  return (
    <ActForm
      act={act}
      send={t("page.review.act.note")}
      ready={name !== "" && note !== ""}
      body={() => ({ name, note })}
    >
      <div class="two">
        <NoteField act={act} label={t("page.review.note")} required />
        <NameField act={act} />
      </div>
    </ActForm>
  );
}

function SpotOutcome() {
  const act = "outcome";
  const [result, name, note] = [text(act, "result"), nameOf(act).trim(), text(act, "note").trim()];
  return (
    <ActForm
      act={act}
      send={t("page.review.act.outcome")}
      ready={result !== "" && name !== ""}
      body={() => ({ result, name, note })}
    >
      <Radios
        act={act}
        field="result"
        legend={t("page.review.outcome-which")}
        options={SPOT_RESULTS.map((code) => [code, t(`spot.${code}`)] as const)}
      />
      <div class="two">
        <NameField act={act} />
        <NoteField act={act} label={t("page.review.note-optional")} />
      </div>
    </ActForm>
  );
}

function Reopen() {
  const act = "reopen";
  const [name, note] = [nameOf(act).trim(), text(act, "note").trim()];
  return (
    <ActForm
      act={act}
      send={t("page.review.act.reopen")}
      ready={name !== "" && note !== ""}
      body={() => ({ name, note })}
    >
      <p class="quiet">{t("page.review.reopen-means")}</p>
      <div class="two">
        <NoteField act={act} label={t("page.review.reopen-why")} required />
        <NameField act={act} />
      </div>
    </ActForm>
  );
}

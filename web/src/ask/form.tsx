// The fields of a query. A pasted line or a machine-readable zone is split into them by the server.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { offer } from "../actions.ts";
import { BANDS } from "../parts/codes.ts";
import { Choice, DayField, TextField } from "../parts/fields.tsx";
import { Trouble } from "../parts/said.tsx";
import { Value } from "../parts/values.tsx";
import { session } from "../session.ts";
import { place } from "../shell/places.tsx";
import { t } from "../words.ts";
import { setAt } from "./fields.ts";
import { answer, ask, asking, bound, bounds, fields, line, remarks, reset, set, split, splitting } from "./state.ts";

export function AskForm() {
  const pasted = useRef<HTMLTextAreaElement>(null);
  const shown = place.value === "ask";
  useEffect(() => {
    if (!shown) return undefined;
    const run = () => pasted.current?.focus();
    return offer({ id: "ask.line", words: "page.ask.to-line", group: "page.place.ask", keys: "/", run });
  }, [shown]);
  useLayoutEffect(() => {
    if (session.value?.reason || session.value?.case) pasted.current?.focus();
  }, []);
  const own = fields.value;
  return (
    <form
      class="ask-form"
      aria-label={t("page.ask.form")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!asking.busy.value) void ask();
      }}
    >
      <Line field={pasted} />
      {remarks.value.map((remark) => (
        <p class="remark" dir="auto">
          {remark.text}
        </p>
      ))}
      <TextField label={t("field.name")} value={own.name} set={(name) => set({ name })} />
      <div class="two">
        <TextField
          label={t("field.birth-date")}
          value={own.birth_date}
          set={(birth_date) => set({ birth_date })}
          max={60}
        />
        <Choice
          label={t("field.sex")}
          value={own.sex}
          set={(sex) => set({ sex })}
          options={[["", "–"], ...["male", "female"].map((sex) => [sex, t(`report.sex.${sex}`)] as const)]}
        />
      </div>
      <Many
        label={t("field.document")}
        hint={t("page.ask.number-hint")}
        values={own.id_numbers.map((item) => item.text)}
        put={(place, text) =>
          set({ id_numbers: setAt(own.id_numbers, place, { text, document: null }, (item) => !item.text) })
        }
      />
      <Many
        label={t("field.phone")}
        values={own.phones}
        put={(place, text) => set({ phones: setAt(own.phones, place, text, (item) => !item) })}
      />
      <Many
        label={t("field.email")}
        values={own.emails}
        put={(place, text) => set({ emails: setAt(own.emails, place, text, (item) => !item) })}
      />
      <TextField label={t("field.address")} value={own.address} set={(address) => set({ address })} />
      <TextField
        label={t("field.nationality")}
        value={own.nationality}
        set={(nationality) => set({ nationality })}
        max={60}
      />
      <Further />
      <div class="act-row">
        <button type="submit" class="primary" aria-disabled={asking.busy.value} aria-busy={asking.busy.value}>
          {asking.busy.value ? t("page.ask.asking") : t("page.ask.ask")}
        </button>
        <button
          type="button"
          onClick={() => {
            reset();
            pasted.current?.focus();
          }}
        >
          {t("page.ask.new")}
        </button>
      </div>
      <Trouble trouble={splitting.trouble.value} again={() => void split()} />
      {answer.value === null && <Trouble trouble={asking.trouble.value} again={() => void ask()} />}
    </form>
  );
}

/** A line is split when it is pasted, or with Enter; Enter once more asks. */
function Line({ field }: { field: { current: HTMLTextAreaElement | null } }) {
  return (
    <div class="field">
      <label for="line">{t("page.ask.line")}</label>
      <textarea
        id="line"
        ref={field}
        dir="auto"
        rows={2}
        maxLength={2000}
        autocomplete="off"
        spellcheck={false}
        placeholder={t("page.ask.line-hint")}
        value={line.value}
        aria-busy={splitting.busy.value}
        onInput={(event) => (line.value = event.currentTarget.value)}
        onPaste={() => queueMicrotask(() => setTimeout(() => void split()))}
        onKeyDown={async (event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          if (!(await split())) void ask();
        }}
      />
    </div>
  );
}

interface ManyShown {
  label: string;
  hint?: string;
  values: readonly string[];
  put: (place: number, text: string) => void;
}

/** As many fields as there are values, and one more. */
function Many({ label, hint, values, put }: ManyShown) {
  return (
    <div class="many">
      {[...values, ""].slice(0, 10).map((text, place) => (
        <TextField
          key={place}
          label={place ? t("page.ask.another", { field: label }) : label}
          value={text}
          set={(typed) => put(place, typed)}
          {...(hint && place === 0 ? { hint } : {})}
          max={200}
        />
      ))}
    </div>
  );
}

function Further() {
  const own = bounds.value;
  return (
    <details class="further">
      <summary>
        {t("page.ask.further")} <FurtherSet />
      </summary>
      <div class="two">
        <Choice
          label={t("page.ask.min-band")}
          value={own.min_band}
          set={(min_band) => bound({ min_band })}
          options={BANDS.map((band) => [band, t(`band.${band}`)] as const)}
        />
        <Choice
          label={t("page.ask.limit")}
          value={String(own.limit)}
          set={(limit) => bound({ limit: Number(limit) })}
          options={["5", "10", "20", "50", "100"].map((count) => [count, count] as const)}
        />
        <DayField label={t("report.as-of")} value={own.as_of} set={(as_of) => bound({ as_of })} />
        <TextField
          label={t("page.ask.against")}
          hint="LIST:ENTRY"
          value={own.against}
          set={(against) => bound({ against })}
          max={200}
        />
      </div>
    </details>
  );
}

/** What is set beyond the usual, so that it is seen while folded away. */
function FurtherSet() {
  const own = bounds.value;
  const told = [own.as_of, own.against].filter(Boolean).join(" · ");
  return told ? <Value text={told} mono /> : null;
}

// Fields to type into, each with its label.

import { useId } from "preact/hooks";

interface Typed {
  label: string;
  value: string;
  set: (value: string) => void;
  hint?: string;
  required?: boolean;
  focus?: boolean;
  max?: number;
  name?: string;
}

export function TextField({ label, value, set, hint, required, focus, max = 2000, name }: Typed) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        dir="auto"
        autocomplete="off"
        spellcheck={false}
        maxLength={max}
        required={required}
        autofocus={focus}
        placeholder={hint}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </div>
  );
}

export function TextArea({ label, value, set, hint, required, focus, max = 2000, name }: Typed) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        name={name}
        dir="auto"
        rows={2}
        autocomplete="off"
        maxLength={max}
        required={required}
        autofocus={focus}
        placeholder={hint}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </div>
  );
}

interface Chosen {
  label: string;
  value: string;
  set: (value: string) => void;
  options: readonly (readonly [string, string])[]; // value, word
  focus?: boolean;
  name?: string;
}

export function Choice({ label, value, set, options, focus, name }: Chosen) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} value={value} autofocus={focus} onChange={(event) => set(event.currentTarget.value)}>
        {options.map(([code, word]) => (
          <option value={code}>{word}</option>
        ))}
      </select>
    </div>
  );
}

/** A day as it is written: 2026-11-26. `set` is told of a whole day, or of none. */
export function DayField({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        inputMode="numeric"
        autocomplete="off"
        maxLength={10}
        pattern={"\\d{4}-\\d{2}-\\d{2}"}
        placeholder="YYYY-MM-DD"
        value={value}
        onChange={(event) => {
          const text = event.currentTarget.value.trim();
          if (text === "" || /^\d{4}-\d{2}-\d{2}$/.test(text)) set(text);
          else event.currentTarget.reportValidity();
        }}
      />
    </div>
  );
}

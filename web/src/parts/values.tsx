// Values of people as they are written, each in its own direction; characters that differ are marked.

import type { Span } from "./shapes.ts";
import { has, t } from "../words.ts";

/** A value in its own direction. */
export function Value({ text, mono = false }: { text: string; mono?: boolean }) {
  return (
    <bdi dir="auto" class={mono ? "mono" : undefined}>
      {text}
    </bdi>
  );
}

/** A value of a field with its marked characters. The sex is a code and is said in words. */
export function Marked({ spans, field }: { spans: readonly Span[]; field: string }) {
  return (
    <bdi dir="auto" class="value">
      {spans.map((span) => {
        const text = said(field, span.text);
        if (span.mark === "differs") return <mark>{text}</mark>;
        if (span.mark === "hidden") return <span class="hidden-part">{text}</span>;
        return text;
      })}
    </bdi>
  );
}

/** All values of one side of a field: the one that faces the other record first. */
export function Values({ values, more, field }: { values: Span[][]; more: string[]; field: string }) {
  if (values.length === 0) return <span class="quiet">–</span>;
  return (
    <>
      {values.map((spans, place) => (
        <div class={place ? "beside" : undefined}>
          <Marked spans={spans} field={field} />
        </div>
      ))}
      {more.length > 0 && (
        <details class="more">
          <summary>{t("report.more", { count: more.length })}</summary>
          {more.map((text) => (
            <div class="beside">
              <Value text={said(field, text)} />
            </div>
          ))}
        </details>
      )}
    </>
  );
}

/** A code in words, where the catalogue has them. */
export function term(key: string, fallback: string): string {
  return has(key) ? t(key) : fallback;
}

export function fieldWord(field: string): string {
  return term(`field.${field}`, field);
}

export function bandWord(band: string): string {
  return t(`band.${band || "none"}`);
}

export function cappedWord(capped: string): string {
  return term(`report.capped.${capped.replaceAll(" ", "-")}`, capped);
}

function said(field: string, text: string): string {
  return field === "sex" ? term(`report.sex.${text}`, text) : text;
}

/** The band as a chip; its word carries it, the colour only helps. */
export function Band({ band }: { band: string }) {
  return <span class={`chip ${band || "none"}`}>{bandWord(band)}</span>;
}

/** A pair of names, each in its own direction. */
export function NamePair({ one, other }: { one: string; other: string }) {
  return (
    <>
      <Value text={one || "–"} />
      <span class="versus" aria-hidden="true">
        {" ↔ "}
      </span>
      <Value text={other || "–"} />
    </>
  );
}

/** One row of a list of facts; nothing where there is no value. */
export function Fact({ word, text, mono = false }: { word: string; text: string | null | undefined; mono?: boolean }) {
  if (!text) return null;
  return (
    <div class="fact">
      <dt>{word}</dt>
      <dd>
        <Value text={text} mono={mono} />
      </dd>
    </div>
  );
}

// Who states something, and the remark beside it, in the reader's language. The program keeps both in their English form
// (`form.cited.…`), which bounds and files take; what no form fits stands as it is.

import { computed } from "@preact/signals";

import { allWords, filled, has, t } from "./words.ts";

interface Form {
  readonly key: string;
  readonly pattern: RegExp;
  readonly own: number; // letters of its own: the form with most of them is the one that is meant
}

const AREA = "form.cited.";
const NUMBERS = new Set(["bits", "calls", "days", "seconds", "began", "ended", "line"]);
const KEYS: Record<string, string> = { band: "band.", role: "role." };

export function formsOf(words: Record<string, string>): Form[] {
  const found = Object.entries(words).filter(([key]) => key.startsWith(AREA));
  return found.map(([key, text]) => formOf(key.slice("form.".length), text)).sort((a, b) => b.own - a.own);
}

function formOf(key: string, text: string): Form {
  const parts = text.split(/\{(\w+)\}/);
  const pattern = parts.map((part, place) => {
    if (place % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return `(?<${part}>${NUMBERS.has(part) ? "\\d[\\d.:-]*" : ".+?"})`;
  });
  const own = parts.filter((_, place) => place % 2 === 0).join("").length;
  return { key, pattern: new RegExp(`^${pattern.join("")}$`, "s"), own };
}

export function said(text: string, area: string, forms: readonly Form[], word: (key: string) => string): string {
  for (const { key, pattern } of forms) {
    const fields = key.startsWith(area) ? pattern.exec(text)?.groups : undefined;
    if (!fields) continue;
    const worded = Object.entries(fields).map(([name, value]) => [name, name in KEYS ? word(`${KEYS[name]}${value}`) : value]);
    return filled(word(key), Object.fromEntries(worded) as Record<string, string>);
  }
  return text;
}

const forms = computed(() => formsOf(allWords.value));

function spoken(text: string, area: string): string {
  const word = (key: string): string => (has(key) ? t(key) : key.slice(key.indexOf(".") + 1));
  return said(text, area, forms.value, word);
}

/** Who states something; several are joined by `; `. */
export function source(text: string): string {
  if (forms.value.length === 0) return text;
  return text
    .split("; ")
    .map((part) => spoken(part, "cited.source."))
    .join("；");
}

export function remark(text: string): string {
  if (forms.value.length === 0) return text;
  const whole = spoken(text, "cited.note.");
  const parts = text.split(", ");
  const worded = parts.map((part) => spoken(part, "cited.note."));
  return whole === text && worded[0] !== parts[0] ? worded.join("，") : whole;
}

// Words for people. They come from the program's one catalogue; no text for people stands in the page's own sources.

import { type ReadonlySignal, signal } from "@preact/signals";

import { call, useLanguage } from "./api.ts";

export type Lang = "en" | "zh";

export const lang = signal<Lang>("en");
const words = signal<Record<string, string>>({});

/** The text of a key with its `{fields}` filled in; a key without text shows itself. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  return filled(words.value[key] ?? key, values);
}

/** A text with its fields filled in; of `{count:node|nodes}` the first where the field's value is one, else the second. */
export function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
    if (!(name in values)) return whole;
    if (one === undefined || other === undefined) return String(values[name]);
    return String(values[name]) === "1" ? one : other;
  });
}

/** All texts of the language by their keys. */
export const allWords: ReadonlySignal<Record<string, string>> = words;

export function has(key: string): boolean {
  return key in words.value;
}

export async function speak(chosen: Lang): Promise<void> {
  words.value = await call<Record<string, string>>("GET", `/words/${chosen}`);
  lang.value = chosen;
  useLanguage(chosen);
  document.documentElement.lang = chosen === "zh" ? "zh-Hans" : "en";
  localStorage.setItem("lang", chosen);
}

export function preferred(): Lang {
  const stored = localStorage.getItem("lang");
  if (stored === "en" || stored === "zh") return stored;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

// Words for people. They come from the program's one catalogue; no text for people stands in the page's own sources.

import { signal } from "@preact/signals";

import { call, useLanguage } from "./api.ts";

export type Lang = "en" | "zh";

export const lang = signal<Lang>("en");
const words = signal<Record<string, string>>({});

/** The text of a key with its `{fields}` filled in; a key without text shows itself. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  const text = words.value[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

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

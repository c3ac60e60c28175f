// Light, dark, or as the system has it.

import { signal } from "@preact/signals";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = signal<Theme>("auto");

export function asTheme(text: string | null): Theme {
  return THEMES.find((name) => name === text) ?? "auto";
}

export function useTheme(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
  localStorage.setItem("theme", chosen);
}

export function startTheme(): void {
  useTheme(asTheme(localStorage.getItem("theme")));
}

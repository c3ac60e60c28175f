// The page's colours as they are now, read where the canvas stands: light or dark, or those a user's system sets.

import type { Ground } from "./node_program.ts";
import { contrast, hexed, parsed } from "./styling.ts";

/** Into `ground`, from five empty elements of the canvas that wear the page's colours. */
export function readPaint(host: HTMLElement, ground: Ground): void {
  const of = (name: string): string => {
    const probe = host.querySelector(`.graph-probe-${name}`);
    return hexed(parsed(probe ? getComputedStyle(probe).color : "#808080"));
  };
  ground.paper = of("ground");
  ground.text = of("text");
  ground.quiet = of("quiet");
  ground.accent = of("accent");
  ground.warn = of("warn");
  ground.halo = contrast(ground.paper, "#000000") > 7 ? "#ffe9a8" : "#5c4a12";
}

export const PROBES = ["ground", "text", "quiet", "accent", "warn"] as const;

/** `act` after light has become dark or dark light. */
export function whenPaintChanges(act: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", act);
  const watcher = new MutationObserver(act);
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "data-theme", "style"] });
  return () => {
    dark.removeEventListener("change", act);
    watcher.disconnect();
  };
}

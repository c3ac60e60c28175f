// The menu of a node or of the empty canvas: everything it offers has its key besides.

import { useLayoutEffect, useRef } from "preact/hooks";

import { t } from "../words.ts";
import { collapseMeant, expand, hideMeant, meant, removeMeant, selectAll, selectNeighbours, togglePin } from "./acts.ts";
import { type LayoutName, arrange, fit, hidden, nodes, pinned, show, unhideAll } from "./state.ts";

export const LAYOUTS: readonly LayoutName[] = ["force", "hierarchical", "circular", "places"];

export interface Item {
  word: string;
  key?: string;
  act: () => void;
}

/** `at`: where on the canvas it opens; `node`: of which node, or null. */
export interface Opened {
  x: number;
  y: number;
  node: string | null;
}

export function itemsOf(node: string | null): Item[] {
  const layouts = LAYOUTS.map((name) => ({ word: t(`page.canvas.layout.${name}`), act: () => arrange(name) }));
  if (node === null) {
    const shown = [
      { word: t("page.canvas.fit"), key: "F", act: fit },
      { word: t("page.canvas.select-all"), key: "Ctrl+A", act: selectAll },
    ];
    const lost = hidden.peek().size > 0 ? [{ word: t("page.canvas.unhide"), key: "Shift+H", act: unhideAll }] : [];
    return [...shown, ...lost, ...layouts];
  }
  const keys = meant();
  const allPinned = keys.every((key) => pinned.peek().has(key));
  return [
    ...(keys.length === 1 ? [{ word: t("page.canvas.expand"), key: "Enter", act: () => expand(node) }] : []),
    { word: t("page.canvas.collapse"), key: "Backspace", act: collapseMeant },
    { word: t("page.canvas.select-neighbours"), key: "N", act: selectNeighbours },
    { word: t(allPinned ? "page.canvas.unpin" : "page.canvas.pin"), key: "P", act: togglePin },
    { word: t("page.canvas.hide"), key: "H", act: hideMeant },
    { word: t("page.canvas.remove"), key: "Delete", act: removeMeant },
    { word: t("page.canvas.centre"), key: "C", act: () => show(keys) },
  ];
}

export function Menu({ opened, close }: { opened: Opened; close: (back: boolean) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const items = itemsOf(opened.node);
  const name = opened.node === null ? "" : (nodes.peek().get(opened.node)?.label ?? "");

  useLayoutEffect(() => {
    const own = list.current;
    if (!own) return;
    const { width, height } = own.getBoundingClientRect();
    const room = own.parentElement as HTMLElement;
    own.style.left = `${Math.max(0, Math.min(opened.x, room.clientWidth - width - 4))}px`;
    own.style.top = `${Math.max(0, Math.min(opened.y, room.clientHeight - height - 4))}px`;
    (own.querySelector("button") as HTMLButtonElement | null)?.focus();
    const outside = (event: PointerEvent): void => {
      if (!own.contains(event.target as Node)) close(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [opened]);

  function move(event: KeyboardEvent): void {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (to !== undefined) buttons[to % buttons.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={list}
      class="graph-menu"
      role="menu"
      aria-label={name ? t("page.canvas.menu-of", { name }) : t("page.canvas.menu")}
      onKeyDown={move}
    >
      {items.map((item) => (
        <button
          type="button"
          role="menuitem"
          tabIndex={-1}
          key={item.word}
          onClick={() => {
            close(true);
            item.act();
          }}
        >
          {item.word}
          {item.key && <kbd>{item.key}</kbd>}
        </button>
      ))}
    </div>
  );
}

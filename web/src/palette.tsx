// The command palette (Ctrl+K), the list of keys (?), and the one place that listens for keys.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { type Action, actionOf, actions, chordOf, isPlain, offer, run, search } from "./actions.ts";
import { offerFrame } from "./frame_actions.ts";
import "./palette.css";
import { useDialog } from "./parts/dialog.tsx";
import { t } from "./words.ts";

const shown = signal<"" | "palette" | "keys">("");
const typed = signal("");
const chosen = signal(0);
/** Keys without Ctrl or Alt can be turned off, for those whom they disturb (WCAG 2.1.4). */
const plainKeys = signal(localStorage.getItem("plain-keys") !== "off");

export function openPalette(): void {
  typed.value = "";
  chosen.value = 0;
  shown.value = "palette";
}

export function openKeys(): void {
  shown.value = "keys";
}

function nameOf(action: Action): string {
  return t(action.words, action.values);
}

const OWN: Action[] = [
  { id: "palette", words: "page.palette.open", group: "page.palette.group.page", keys: "Ctrl+K", run: openPalette },
  { id: "keys", words: "page.palette.keys", group: "page.palette.group.page", keys: "?", run: openKeys },
];

/** Stands once in the page, and is seen when it is called. */
export function Palette() {
  useEffect(() => {
    const ends = [offer(...OWN), offerFrame()];
    addEventListener("keydown", pressed);
    return () => {
      removeEventListener("keydown", pressed);
      for (const end of ends) end();
    };
  }, []);
  if (shown.value === "palette") return <Chooser />;
  if (shown.value === "keys") return <Keys />;
  return null;
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog:modal")) return; // whose keys are its own, above all Escape, which closes it
  const chord = chordOf(event);
  if (isPlain(chord) && (!plainKeys.value || isTyping(event.target))) return;
  if (isTyping(event.target) && chord !== "Ctrl+K") return; // Ctrl+Z in a field is the field's own
  if (shown.value) return;
  const action = actionOf(chord, actions.value);
  if (action) {
    event.preventDefault();
    run(action);
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");
}

interface Named {
  name: string;
  children: (end: () => void) => preact.ComponentChildren;
}

function Dialog({ name, children }: Named) {
  const { own, end } = useDialog(() => (shown.value = ""));
  return (
    <dialog
      ref={own}
      class="palette"
      aria-label={name}
      onCancel={end}
      onClose={end}
      onKeyDown={(event) => event.stopPropagation()} // no place behind it acts on these keys
      onClick={(event) => event.target === own.current && end()}
    >
      {children(end)}
    </dialog>
  );
}

function Chooser() {
  const found = search(typed.value, actions.value.filter((action) => action.id !== "palette"), nameOf);
  const at = Math.min(chosen.value, found.length - 1);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const choose = (action: Action | undefined, end: () => void) => {
    if (!action || action.why?.()) return;
    end();
    queueMicrotask(() => run(action)); // behind the page without the dialog
  };
  const pressedIn = (event: KeyboardEvent, end: () => void) => {
    if (event.isComposing) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      chosen.value = Math.max(0, Math.min(found.length - 1, at + step));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[at], end);
    }
  };
  return (
    <Dialog name={t("page.palette.open")}>
      {(end) => (
        <>
          <input
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant={found[at] ? `palette-${found[at].id}` : undefined}
            aria-label={t("page.palette.type")}
            placeholder={t("page.palette.type")}
            autocomplete="off"
            spellcheck={false}
            autofocus
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
              chosen.value = 0;
            }}
            onKeyDown={(event) => pressedIn(event, end)}
          />
          <ul id="palette-list" role="listbox" aria-label={t("page.palette.open")} ref={list}>
            {found.map((action, place) => {
              const why = action.why?.() ?? "";
              return (
                <li
                  key={action.id}
                  id={`palette-${action.id}`}
                  role="option"
                  aria-selected={place === at}
                  aria-disabled={why ? true : undefined}
                  onClick={() => choose(action, end)}
                  onPointerMove={() => (chosen.value = place)}
                >
                  <span>
                    {nameOf(action)}
                    {why && <small>{t(why)}</small>}
                  </span>
                  <span class="quiet">{t(action.group)}</span>
                  {action.keys && <kbd>{action.keys}</kbd>}
                </li>
              );
            })}
          </ul>
          {found.length === 0 && <p role="status">{t("page.palette.none")}</p>}
        </>
      )}
    </Dialog>
  );
}

function Keys() {
  const withKeys = actions.value.filter((action) => action.keys);
  const groups = [...new Set(withKeys.map((action) => action.group))];
  return (
    <Dialog name={t("page.palette.keys")}>
      {(end) => (
        <>
          <h2 tabIndex={-1} autofocus>
            {t("page.palette.keys")}
          </h2>
          <div class="keys">
            {groups.map((group) => (
              <table key={group}>
                <caption>{t(group)}</caption>
                <tbody>
                  {withKeys
                    .filter((action) => action.group === group)
                    .map((action) => (
                      <tr key={action.id}>
                        <th scope="row">
                          <kbd>{action.keys}</kbd>
                        </th>
                        <td>{nameOf(action)}</td>
                      </tr>
                    ))}
                </tbody>
              </table>
            ))}
          </div>
          <label>
            <input
              type="checkbox"
              checked={plainKeys.value}
              onChange={(event) => {
                plainKeys.value = event.currentTarget.checked;
                localStorage.setItem("plain-keys", plainKeys.value ? "on" : "off");
              }}
            />
            {t("page.palette.plain-keys")}
          </label>
          <button type="button" onClick={end}>
            {t("page.palette.close")}
          </button>
        </>
      )}
    </Dialog>
  );
}

// A dialog over the page: the browser's own, which keeps the focus inside and closes with Escape.

import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { t } from "../words.ts";

interface Opened {
  own: RefObject<HTMLDialogElement>;
  /** Shuts it and says so, once. */
  end: () => void;
}

/** Opens a dialog as soon as it is there. Whatever shuts it says so at once: the browser's own `close` comes a moment
 * later, when another may be open already and every key in between would have been lost. The focus goes back to where
 * it was. */
export function useDialog(close: () => void): Opened {
  const own = useRef<HTMLDialogElement>(null);
  const over = useRef(false);
  const end = () => {
    if (over.current) return;
    over.current = true;
    own.current?.close();
    close();
  };
  useLayoutEffect(() => {
    const dialog = own.current;
    dialog?.showModal();
    return () => {
      over.current = true;
      dialog?.close();
    };
  }, []);
  return { own, end };
}

interface Shown {
  title: string;
  close: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, close, children }: Shown) {
  const { own, end } = useDialog(close);
  return (
    <dialog ref={own} class="dialog" aria-labelledby="dialog-title" onCancel={end} onClose={end}>
      <header>
        <h2 id="dialog-title">{title}</h2>
        <button type="button" onClick={end}>
          {t("page.parts.close")}
        </button>
      </header>
      {children}
    </dialog>
  );
}

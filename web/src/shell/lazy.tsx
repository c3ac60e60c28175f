// A part of the page that is loaded when it is first shown.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";

import { t } from "../words.ts";

export function lazy(load: () => Promise<ComponentType>): ComponentType {
  const loaded = signal<{ part: ComponentType } | null>(null);
  const failed = signal(false);
  const start = () => {
    failed.value = false;
    load().then(
      (part) => (loaded.value = { part }),
      () => (failed.value = true),
    );
  };
  return function Lazy() {
    useEffect(() => {
      if (!loaded.value) start();
    }, []);
    if (loaded.value) {
      const Part = loaded.value.part;
      return <Part />;
    }
    if (!failed.value) return <p role="status">{t("page.loading")}</p>;
    return (
      <div role="alert" class="broken">
        <p>{t("page.not-loaded")}</p>
        <button type="button" onClick={start}>
          {t("page.broken.again")}
        </button>
      </div>
    );
  };
}

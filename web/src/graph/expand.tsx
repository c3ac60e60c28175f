// Before an expansion is drawn: how many links of which kinds there are, and which of them are wanted.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";

import { ApiError } from "../api.ts";
import { useDialog } from "../parts/dialog.tsx";
import { DayField } from "../parts/fields.tsx";
import { session } from "../session.ts";
import { t } from "../words.ts";
import { focused } from "./acts.ts";
import { type Count, type Counted, HUB, countLinks, drawLinks } from "./counts.ts";
import { heed } from "./desk.ts";
import { nodes, notes, period } from "./state.ts";
import { linkWord, nodeWord } from "./wording.ts";

const LIMIT = 200;
const nameOf = (count: Count): string => `${count.edge} ${count.kind}`;

export function Expand({ node, close }: { node: string; close: () => void }) {
  const counted = useSignal<Counted | null>(null);
  const problem = useSignal("");
  const out = useSignal<ReadonlySet<string>>(new Set()); // counts that are not wanted
  const window = useSignal(period.peek() ?? { from: "", to: "" });
  const source = useSignal("");
  const degree = useSignal(0);
  const busy = useSignal(false);
  const { own: dialog, end } = useDialog(close);
  const inCase = Boolean(session.value?.case);

  useEffect(() => {
    const ending = new AbortController();
    const { from, to } = window.value;
    countLinks(node, from, to, ending.signal).then(
      (found) => {
        counted.value = found;
        // A hub is asked first: nothing of it is ticked before somebody does.
        const great = found.total > HUB ? found.links.filter((link) => link.count > HUB) : [];
        const seldom = found.links.filter(({ edge }) => edge === "listed-on" || edge === "opened-in");
        out.value = new Set([...great, ...seldom].map(nameOf));
      },
      (error) => {
        if (!ending.signal.aborted) problem.value = told(error);
      },
    );
    return () => ending.abort();
  }, [node, window.value]);

  useLayoutEffect(() => {
    // Enter draws what was counted; before that the focus would land on a date.
    if (counted.value) dialog.current?.querySelector<HTMLButtonElement>("button[type=submit]")?.focus();
  }, [counted.value]);

  const wanted = counted.value?.links.filter((link) => !out.value.has(nameOf(link))) ?? [];
  const total = wanted.reduce((sum, link) => sum + link.count, 0);

  async function draw(event: Event): Promise<void> {
    event.preventDefault();
    if (busy.value || wanted.length === 0) return;
    busy.value = true;
    problem.value = "";
    const unique = (of: string[]): string[] => [...new Set(of)];
    try {
      const choice = {
        edges: unique(wanted.map((link) => link.edge)),
        labels: unique(wanted.map((link) => link.kind)),
        ...window.value,
        source: source.value.trim(),
        max_links: degree.value,
        limit: LIMIT,
      };
      heed(await drawLinks(node, choice, inCase));
      focused.value = node;
      end();
    } catch (error) {
      problem.value = told(error);
    }
    busy.value = false;
  }

  function tick(name: string): void {
    const next = new Set(out.value);
    if (!next.delete(name)) next.add(name);
    out.value = next;
  }

  const known = nodes.value.get(node);
  return (
    <dialog ref={dialog} class="graph-expand" onCancel={end} onClose={end} aria-labelledby="graph-expand-title">
      <form onSubmit={draw}>
        <h2 id="graph-expand-title">{t("page.canvas.expand")}</h2>
        <p class="graph-expand-of">
          {known && <span>{nodeWord(known.kind)}</span>} <bdi dir="auto">{notes.value.get(node)?.label ?? known?.label}</bdi>
        </p>
        {problem.value && <p role="alert">{problem.value}</p>}
        {!counted.value && !problem.value && <p role="status">{t("page.canvas.counting")}</p>}
        {counted.value && (
          <fieldset>
            <legend>
              {counted.value.total > HUB
                ? t("page.canvas.hub", { count: counted.value.total })
                : t("page.canvas.links-of", { count: counted.value.total })}
            </legend>
            {counted.value.truncated && <p>{t("page.canvas.counted-cut")}</p>}
            {counted.value.links.map((link) => (
              <label key={nameOf(link)}>
                <input type="checkbox" checked={!out.value.has(nameOf(link))} onChange={() => tick(nameOf(link))} />
                <b>{link.count}</b> {nodeWord(link.kind)} <small>{linkWord(link.edge)}</small>
              </label>
            ))}
          </fieldset>
        )}
        <div class="graph-expand-bounds">
          <DayField label={t("page.canvas.from")} value={window.value.from} set={(from) => (window.value = { ...window.value, from })} />
          <DayField label={t("page.canvas.to")} value={window.value.to} set={(to) => (window.value = { ...window.value, to })} />
          <label>
            {t("page.canvas.source")}
            <input value={source.value} maxLength={200} onInput={(event) => (source.value = event.currentTarget.value)} />
          </label>
          {inCase && (
            <label>
              {t("page.canvas.most-links")}
              <input
                type="number"
                min={0}
                max={100000}
                value={degree.value}
                onChange={(event) => (degree.value = Math.max(0, Number(event.currentTarget.value) || 0))}
              />
            </label>
          )}
        </div>
        <p class="graph-expand-acts">
          <button type="submit" disabled={busy.value || wanted.length === 0}>
            {total > LIMIT ? t("page.canvas.draw-first", { count: LIMIT, total }) : t("page.canvas.draw", { count: total })}
          </button>
          <button type="button" onClick={end}>
            {t("page.canvas.close")}
          </button>
        </p>
      </form>
    </dialog>
  );
}

function told(error: unknown): string {
  return error instanceof ApiError ? error.message : String(error);
}

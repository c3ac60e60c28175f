// A table of any length: only the rows in sight are drawn. Sorted by its headers, worked from the keyboard.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";

import { t } from "../../words.ts";
import { type Value, sorted, windowOf } from "./rows.ts";

export interface Column<R> {
  name: string;
  title: string;
  value: (row: R) => Value;
  shown?: (row: R) => ComponentChildren;
  number?: boolean;
}

export type How = "only" | "toggle" | "range";

const ROW = 28; // pixels, as in the style sheet

interface Wishes<R> {
  name: string; // for those who cannot see it
  columns: readonly Column<R>[];
  rows: readonly R[];
  keyOf: (row: R, place: number) => string;
  chosen: ReadonlySet<string>;
  onChoose: (keys: string[], how: How) => void;
  onOpen?: (row: R) => void;
  sort?: string;
}

export function Grid<R>({ name, columns, rows, keyOf, chosen, onChoose, onOpen, sort = "" }: Wishes<R>) {
  const order = useSignal({ by: sort, descending: false });
  const at = useSignal(0);
  const seen = useSignal({ top: 0, room: 300 });
  const box = useRef<HTMLDivElement>(null);
  const anchor = useRef(0);
  const by = columns.find((column) => column.name === order.value.by);
  const keyed = useMemo(() => rows.map((row, place) => ({ row, key: keyOf(row, place) })), [rows]);
  const list = useMemo(
    () => (by ? sorted(keyed, ({ row }) => by.value(row), order.value.descending) : keyed),
    [keyed, order.value, by?.name],
  );
  useEffect(() => {
    const own = box.current;
    if (!own) return;
    const watch = new ResizeObserver(() => (seen.value = { top: own.scrollTop, room: own.clientHeight }));
    watch.observe(own);
    return () => watch.disconnect();
  }, []);
  const { first, end } = windowOf(list.length, ROW, seen.value.top, seen.value.room);
  const active = Math.min(at.value, list.length - 1);

  const choose = (place: number, how: How) => {
    const item = list[place];
    if (!item) return;
    at.value = place;
    if (how !== "range") {
      anchor.current = place;
      onChoose([item.key], how);
      return;
    }
    const [from, to] = [Math.min(anchor.current, place), Math.max(anchor.current, place)];
    onChoose(list.slice(from, to + 1).map(({ key }) => key), "only");
  };
  const reveal = (place: number) => {
    const own = box.current;
    if (!own) return;
    const top = place * ROW;
    if (top < own.scrollTop) own.scrollTop = top;
    else if (top + 2 * ROW > own.scrollTop + own.clientHeight) own.scrollTop = top + 2 * ROW - own.clientHeight;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).closest("thead")) return;
    const page = Math.max(1, Math.floor(seen.value.room / ROW) - 2);
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: list.length - 1,
    };
    const step = steps[event.key];
    const next = step === undefined ? undefined : Math.max(0, Math.min(list.length - 1, step));
    const item = list[active];
    if (next !== undefined) {
      if (event.ctrlKey) {
        at.value = next;
      } else choose(next, event.shiftKey ? "range" : "only");
      reveal(next);
    } else if (event.key === " ") choose(active, "toggle");
    else if (event.key === "Enter" && item && onOpen) onOpen(item.row);
    else if (event.key === "a" && event.ctrlKey) onChoose(list.map(({ key }) => key), "only");
    else return;
    event.preventDefault();
  };
  const turn = (column: Column<R>) => {
    const again = order.value.by === column.name;
    order.value = { by: column.name, descending: again && !order.value.descending };
  };
  const id = `grid-${name.replace(/\W+/g, "-")}`;
  return (
    <div class="grid" ref={box} onScroll={(event) => (seen.value = { top: event.currentTarget.scrollTop, room: event.currentTarget.clientHeight })}>
      <table
        role="grid"
        aria-label={name}
        aria-rowcount={list.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={active >= first && active < end ? `${id}-${active}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {columns.map((column) => {
              const way = order.value.by !== column.name ? "none" : order.value.descending ? "descending" : "ascending";
              return (
                <th key={column.name} scope="col" aria-sort={way} class={column.number ? "number" : undefined}>
                  <button type="button" onClick={() => turn(column)}>
                    {column.title}
                    <span aria-hidden="true">{way === "none" ? "" : way === "ascending" ? " ▲" : " ▼"}</span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <Gap height={first * ROW} />}
          {list.slice(first, end).map(({ row, key }, offset) => {
            const place = first + offset;
            return (
              <tr
                key={key}
                id={`${id}-${place}`}
                aria-rowindex={place + 2}
                aria-selected={chosen.has(key)}
                class={place === active ? "active" : undefined}
                onClick={(event) => choose(place, event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "only")}
                onDblClick={() => onOpen?.(row)}
              >
                {columns.map((column) => (
                  <td key={column.name} class={column.number ? "number" : undefined}>
                    <span dir="auto">{column.shown ? column.shown(row) : String(column.value(row) ?? "")}</span>
                  </td>
                ))}
              </tr>
            );
          })}
          {end < list.length && <Gap height={(list.length - end) * ROW} />}
        </tbody>
      </table>
      {list.length === 0 && <p class="quiet">{t("page.graph.table.empty")}</p>}
    </div>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr class="gap" aria-hidden="true">
      <td style={{ height: `${height}px` }} />
    </tr>
  );
}

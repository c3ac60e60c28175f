// Drawing around nodes: a free line or a rectangle; with Ctrl they join what is selected already.

import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

import { rectangle, within } from "./geometry.ts";
import type { Place } from "./model.ts";
import type { Stage } from "./stage.ts";
import { selection } from "./state.ts";

export type Mode = "move" | "lasso" | "rectangle";

interface Props {
  readonly room: RefObject<HTMLDivElement>;
  readonly stage: () => Stage | null;
  readonly mode: ReadonlySignal<Mode>; // read when the pointer comes, which may be before a frame has shown it
}

/** Hears the pointer before the camera does. Shift draws a free line and Alt+Shift a rectangle in every mode. */
export function Lasso({ room, stage, mode }: Props) {
  const line = useSignal<Place[]>([]);

  useEffect(() => {
    const host = room.current;
    if (!host) return;
    let drawn: { mode: Mode; points: Place[] } | null = null;
    const at = (event: PointerEvent): Place => {
      const { left, top } = host.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const shape = (): Place[] => {
      const points = drawn?.points ?? [];
      return drawn?.mode === "rectangle" ? rectangle(points[0] as Place, points.at(-1) as Place) : points;
    };
    const wanted = (event: PointerEvent): Mode => (event.shiftKey ? (event.altKey ? "rectangle" : "lasso") : mode.peek());
    const begin = (event: PointerEvent): void => {
      if (event.button !== 0 || wanted(event) === "move") return;
      event.stopPropagation();
      drawn = { mode: wanted(event), points: [at(event)] };
      host.setPointerCapture(event.pointerId);
    };
    const draw = (event: PointerEvent): void => {
      if (!drawn) return;
      drawn.points.push(at(event));
      line.value = shape();
    };
    const end = (event: PointerEvent): void => {
      if (!drawn) return;
      const [outline, enough] = [shape(), drawn.points.length > 2];
      drawn = null;
      line.value = [];
      if (!enough) return;
      const found = stage()?.within((place) => within(outline, place)) ?? [];
      selection.value = new Set([...(event.ctrlKey || event.metaKey ? selection.peek() : []), ...found]);
    };
    // What the camera would hear as a drag or a click.
    const keep = (event: MouseEvent): void => {
      if (event.shiftKey || mode.peek() !== "move") event.stopPropagation();
    };
    const cancel = (): void => {
      drawn = null;
      line.value = [];
    };
    host.addEventListener("pointerdown", begin, true);
    host.addEventListener("pointermove", draw, true);
    host.addEventListener("pointerup", end, true);
    host.addEventListener("pointercancel", cancel, true);
    for (const name of ["mousedown", "click", "touchstart"] as const) host.addEventListener(name, keep as EventListener, true);
    return () => {
      host.removeEventListener("pointerdown", begin, true);
      host.removeEventListener("pointermove", draw, true);
      host.removeEventListener("pointerup", end, true);
      host.removeEventListener("pointercancel", cancel, true);
      for (const name of ["mousedown", "click", "touchstart"] as const) {
        host.removeEventListener(name, keep as EventListener, true);
      }
    };
  }, []);

  if (line.value.length < 2) return null;
  return (
    <svg class="graph-lasso" aria-hidden="true">
      <polygon points={line.value.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
    </svg>
  );
}

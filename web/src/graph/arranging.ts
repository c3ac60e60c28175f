// Asks the worker for a layout of what is seen; a new question ends the one before.

import type { Question, Told } from "./layout.worker.ts";
import type { Layout } from "./laying.ts";
import type { Plan } from "./layouts.ts";
import type { Place, Sheet } from "./model.ts";

/** The plan of these nodes in the order of their keys. */
export function planOf(
  sheet: Sheet,
  nodes: ReadonlySet<string>,
  edges: ReadonlySet<string>,
  roots: ReadonlySet<string>,
  fixed: (key: string) => boolean,
): Plan {
  const keys = [...nodes].sort();
  const at = new Map(keys.map((key, number) => [key, number]));
  const points = keys.map((key) => {
    const node = sheet.nodes.get(key);
    const place = sheet.places.get(key) ?? { x: 0, y: 0 };
    const label = sheet.notes.get(key)?.label ?? node?.label ?? "";
    return { key, kind: node?.kind ?? "", label, x: place.x, y: place.y, fixed: fixed(key) };
  });
  const links: Plan["links"] = [];
  for (const id of [...edges].sort()) {
    const edge = sheet.edges.get(id);
    const [from, to] = [at.get(edge?.start ?? ""), at.get(edge?.end ?? "")];
    if (edge && from !== undefined && to !== undefined) links.push([from, to, edge.kind]);
  }
  return { points, links, roots: keys.flatMap((key, number) => (roots.has(key) ? [number] : [])) };
}

export class Arranger {
  #worker: Worker | null = null;

  /** The places of the plan's points, `on` told of those on the way; null where another question came between. */
  async ask(layout: Layout, plan: Plan, on: (places: Map<string, Place>) => void): Promise<Map<string, Place> | null> {
    this.stop();
    const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    this.#worker = worker;
    const placesOf = (spots: Float32Array): Map<string, Place> =>
      new Map(
        plan.points.flatMap(({ key, fixed }, at) =>
          fixed ? [] : [[key, { x: spots[at * 2] as number, y: spots[at * 2 + 1] as number }] as const],
        ),
      );
    return new Promise((done, failed) => {
      worker.onmessage = ({ data }: MessageEvent<Told>) => {
        if (this.#worker !== worker) return;
        if (!data.done) return on(placesOf(data.spots));
        done(placesOf(data.spots)); // before the end of the worker answers that there is nothing
        this.stop();
      };
      worker.onerror = (event) => failed(new Error(event.message));
      worker.addEventListener("stopped", () => done(null));
      worker.postMessage({ layout, plan } satisfies Question);
    });
  }

  get isBusy(): boolean {
    return this.#worker !== null;
  }

  stop(): void {
    const worker = this.#worker;
    this.#worker = null;
    worker?.terminate();
    worker?.dispatchEvent(new Event("stopped"));
  }
}

// Layouts off the page's own thread. One question, then places as they come, the last marked as done.

import { type Layout, lay } from "./laying.ts";
import type { Plan } from "./layouts.ts";

export interface Question {
  layout: Layout;
  plan: Plan;
}

export interface Told {
  spots: Float32Array;
  done: boolean;
}

self.onmessage = ({ data }: MessageEvent<Question>) => {
  const tell = (spots: Float32Array, done: boolean): void => self.postMessage({ spots, done } satisfies Told);
  tell(lay(data.layout, data.plan, (spots) => tell(spots, false)), true);
};

// Small charts, drawn as SVG. Each has a name; its figures stand in a table beside it.

import { percent } from "./figures.ts";

/** How full a bar is, 0 to 1. */
export function Meter({ share, name, warn = false }: { share: number; name: string; warn?: boolean }) {
  return (
    <svg class={warn ? "meter over" : "meter"} viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={name}>
      <rect class="track" width="100" height="10" />
      <rect class="fill" width={Math.max(1, share * 100)} height="10" />
    </svg>
  );
}

export interface Interval {
  name: string;
  share: number;
  low: number;
  high: number;
}

const ROW = 26;
const LEFT = 150;
const WIDTH = 560;
const RIGHT = 60;

/** Shares with their intervals, one below the other, on one scale from 0 to 100 %. */
export function Intervals({ items, name }: { items: readonly Interval[]; name: string }) {
  const height = ROW * items.length + 24;
  const x = (share: number) => LEFT + share * (WIDTH - LEFT - RIGHT);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={name}>
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <line class="grid" x1={x(share)} x2={x(share)} y1="0" y2={height - 20} />
          <text class="tick" x={x(share)} y={height - 5} text-anchor="middle">
            {`${share * 100}%`}
          </text>
        </g>
      ))}
      {items.map((item, place) => {
        const y = ROW * place + ROW / 2;
        return (
          <g key={item.name}>
            <text class="named" x={LEFT - 10} y={y + 4} text-anchor="end">
              {item.name}
            </text>
            <line class="interval" x1={x(item.low)} x2={x(item.high)} y1={y} y2={y} />
            <circle class="point" cx={x(item.share)} cy={y} r="5" />
            <text class="tick" x={WIDTH - RIGHT + 8} y={y + 4}>
              {percent(item.share)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

export interface Bar {
  key: string;
  title: string;
  value: number;
  second: number; // a part of the value, drawn strongly
}

/** Upright bars, the oldest first. */
export function Bars({ items, most, name }: { items: readonly Bar[]; most: number; name: string }) {
  const step = 540 / Math.max(12, items.length);
  const tall = (value: number) => (value / most) * 90;
  return (
    <svg class="chart" viewBox="0 0 560 110" role="img" aria-label={name}>
      <line class="grid" x1="10" x2="550" y1="100" y2="100" />
      <text class="tick" x="12" y="10">
        {most}
      </text>
      {items.map((item, place) => (
        <g key={item.key}>
          <title>{item.title}</title>
          <rect class="bar" x={12 + place * step} y={100 - tall(item.value)} width={step * 0.7} height={tall(item.value)} />
          <rect class="bar strong" x={12 + place * step} y={100 - tall(item.second)} width={step * 0.7} height={tall(item.second)} />
        </g>
      ))}
    </svg>
  );
}

export interface Day {
  day: string;
  state: string; // empty: nothing that day
  title: string;
}

/** A strip of days, one sign each: its form as well as its colour tells the state. */
export function Days({ items, name }: { items: readonly Day[]; name: string }) {
  const step = 540 / items.length;
  return (
    <svg class="chart days" viewBox="0 0 560 46" role="img" aria-label={name}>
      {items.map((item, place) => (
        <g key={item.day} class={`day ${item.state || "none"}`}>
          <title>{item.title}</title>
          <rect x={10 + place * step} y="4" width={step - 2} height="22" rx="2" />
          {item.state && item.state !== "done" && (
            <text x={10 + place * step + (step - 2) / 2} y="20" text-anchor="middle">
              !
            </text>
          )}
          {place % 7 === 0 && (
            <text class="tick" x={10 + place * step} y="42">
              {item.day.slice(5)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

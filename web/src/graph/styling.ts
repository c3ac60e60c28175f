// Signs and colours: a shape and a colour for each kind, readable on light and on dark ground.

import signs from "./signs.json" with { type: "json" };

export interface Sign {
  shape: string;
  strokes: string;
  colour: string;
}

/** The colours of the page as they are now, `#rrggbb`. */
export interface Paint {
  ground: string;
  text: string;
  quiet: string;
  accent: string;
  warn: string;
}

const OWN: Readonly<Record<string, Sign>> = signs.nodes;
const LINKS: Readonly<Record<string, { colour: string; directed: boolean }>> = signs.links;
const { shapes: SHAPES, colours: COLOURS } = signs.free;

export const OWN_KINDS: readonly string[] = Object.keys(OWN);

// Kinds of imported graphs have signs in the order in which they came, so that none changes while the page is open.
const freeKinds: string[] = [];
const freeLinks: string[] = [];

function place(kind: string, among: string[]): number {
  const known = among.indexOf(kind);
  return known >= 0 ? known : among.push(kind) - 1;
}

const turn = <T>(of: readonly T[], at: number): T => of[at % of.length] as T;

export function signOf(kind: string): Sign {
  const own = OWN[kind];
  if (own) return own;
  const at = place(kind, freeKinds);
  return { shape: turn(SHAPES, at), colour: turn(COLOURS, at), strokes: "" };
}

/** The number of a kind's sign: own kinds first, then the free shapes. */
export function signNumber(kind: string): number {
  const own = OWN_KINDS.indexOf(kind);
  return own >= 0 ? own : OWN_KINDS.length + (place(kind, freeKinds) % SHAPES.length);
}

/** All signs in the order of their numbers. */
export function allSigns(): Sign[] {
  return [...Object.values(OWN), ...SHAPES.map((shape) => ({ shape, strokes: "", colour: "#000000" }))];
}

export function linkColour(kind: string): string {
  return LINKS[kind]?.colour ?? turn(COLOURS, place(kind, freeLinks));
}

/** Whether a link needs an arrow: of most kinds the ends tell which way it goes. */
export function isDirected(kind: string): boolean {
  return LINKS[kind]?.directed ?? true;
}

// Bands from weak to strong and days from old to young: steps from light to dark, which an eye that tells no colours
// reads as well.
export const BANDS: readonly string[] = ["weak", "possible", "strong"];
const RAMP = ["#e2c044", "#c98a2b", "#a9502f", "#7c2244", "#451a52"] as const;
export const UNKNOWN = "#8a8f96"; // without a band, without a date

export function rampColour(share: number): string {
  return RAMP[Math.max(0, Math.min(RAMP.length - 1, Math.floor(share * RAMP.length)))] as string;
}

/** Where a day lies between two days, 0 to 1. */
export function shareOfTime(day: string, from: string, to: string): number {
  const [at, first, last] = [day, from, to].map((text) => Date.parse(text.padEnd(10, "-01").slice(0, 10)));
  if (at === undefined || first === undefined || last === undefined || !(last > first)) return 1;
  return Math.max(0, Math.min(1, (at - first) / (last - first)));
}

type Rgb = [number, number, number];

export function parsed(colour: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour);
  if (hex) return [1, 2, 3].map((at) => parseInt(hex[at] as string, 16)) as Rgb;
  const parts = colour.match(/[\d.]+/g)?.slice(0, 3).map(Number);
  return parts?.length === 3 ? (parts as Rgb) : [128, 128, 128];
}

export function hexed(rgb: readonly number[]): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance, WCAG 2.2. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(parsed(one)), luminance(parsed(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const readables = new Map<string, string>();

/** The colour, mixed with white or black as far as it needs to stand out from the ground (WCAG: 3 for graphics). */
export function readable(colour: string, ground: string, least = 3): string {
  const known = `${colour}${ground}${least}`;
  const found = readables.get(known);
  if (found) return found;
  const towards: Rgb = luminance(parsed(ground)) < 0.2 ? [255, 255, 255] : [0, 0, 0];
  const from = parsed(colour);
  let mixed = hexed(from);
  for (let part = 0.05; part <= 1 && contrast(mixed, ground) < least; part += 0.05) {
    mixed = hexed(from.map((value, at) => value + ((towards[at] as number) - value) * part));
  }
  readables.set(known, mixed);
  return mixed;
}

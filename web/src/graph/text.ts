// Text on the canvas: drawn once into a small picture and then only copied, so that names stay while the graph is moved.

const FONTS = 'system-ui, "Noto Sans", "Noto Sans CJK SC", "Noto Sans SC", "Noto Sans Arabic", sans-serif';
const MOST_KEPT = 3000;
const HALO = 3;
const LONGEST = 26; // letters; the whole is shown on hover

export interface Stamp {
  picture: HTMLCanvasElement;
  width: number; // CSS pixels, halo included
  height: number;
}

export interface Lettering {
  size: number;
  bold: boolean;
  colour: string;
  halo: string;
}

const stamps = new Map<string, Stamp>();

/** A text in its lettering; the same stamp for the same question. */
export function stampOf(text: string, lettering: Lettering, pixelRatio: number): Stamp {
  const known = `${lettering.size}${lettering.bold}${lettering.colour}${lettering.halo}${pixelRatio} ${text}`;
  const found = stamps.get(known);
  if (found) {
    stamps.delete(known);
    stamps.set(known, found); // the least used go first
    return found;
  }
  const made = stamped(text, lettering, pixelRatio);
  stamps.set(known, made);
  if (stamps.size > MOST_KEPT) stamps.delete(stamps.keys().next().value as string);
  return made;
}

function stamped(text: string, { size, bold, colour, halo }: Lettering, pixelRatio: number): Stamp {
  const font = `${bold ? 600 : 400} ${size}px ${FONTS}`;
  const picture = document.createElement("canvas");
  const context = picture.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  context.font = font;
  const width = Math.ceil(context.measureText(text).width) + 2 * HALO;
  const height = Math.ceil(size * 1.3) + 2 * HALO;
  picture.width = Math.ceil(width * pixelRatio);
  picture.height = Math.ceil(height * pixelRatio);
  context.scale(pixelRatio, pixelRatio);
  context.font = font; // setting the size has forgotten it
  context.direction = isRightToLeft(text) ? "rtl" : "ltr";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 2 * HALO;
  context.strokeStyle = halo;
  context.strokeText(text, width / 2, height / 2);
  context.fillStyle = colour;
  context.fillText(text, width / 2, height / 2);
  return { picture, width, height };
}

/** By the first letter that has a direction. */
export function isRightToLeft(text: string): boolean {
  return /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text);
}

/** A label of a length that leaves room for others. */
export function shortened(text: string, longest = LONGEST): string {
  const flat = text.replace(/\s+/g, " ").trim();
  const letters = [...flat];
  // A Han letter takes the room of two.
  let room = longest;
  for (let at = 0; at < letters.length; at += 1) {
    room -= /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/u.test(letters[at] as string) ? 1.8 : 1;
    if (room < 0) return `${letters.slice(0, at).join("").trimEnd()}…`;
  }
  return flat;
}

/** About how wide a text is, rather too small: for a first look whether there is room. */
export function aboutWidth(text: string, size: number): number {
  let width = 0;
  for (const letter of text) width += letter > "\u2e7f" ? 0.95 : 0.42;
  return width * size;
}

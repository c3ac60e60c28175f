// Numbers and days as they are shown, the same as in the program's reports.

/** Thousandths of a bit with sign and one decimal: `+14.2`, `−5.0`, `0.0`. */
export function signed(millibits: number): string {
  const tenths = Math.round(millibits / 100);
  if (tenths === 0) return "0.0";
  return `${tenths > 0 ? "+" : "−"}${(Math.abs(tenths) / 10).toFixed(1)}`;
}

/** A probability for people: never a false 0 or 100. */
export function percent(probability: number): string {
  if (probability > 0.999) return "> 99.9 %";
  if (probability < 0.001) return "< 0.1 %";
  return `${(probability * 100).toFixed(1)} %`;
}

/** Whole days from one ISO day or instant to another; null where one is missing. */
export function daysBetween(from: string | null | undefined, to: string | null | undefined): number | null {
  if (!from || !to) return null;
  const [one, other] = [dayNumber(from), dayNumber(to)];
  return Number.isNaN(one) || Number.isNaN(other) ? null : other - one;
}

function dayNumber(text: string): number {
  return Math.floor(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86_400_000);
}

/** An instant in the machine's time zone as `2026-11-26 23:01`; a text that is none as it is. */
export function instant(text: string | null | undefined): string {
  if (!text) return "";
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Today's ISO day in the machine's time zone. */
export function today(now: Date = new Date()): string {
  return instant(now.toISOString()).slice(0, 10);
}

/** The link if a browser may follow it (http or https with a host), else empty. */
export function safeLink(link: string): string {
  const text = link.trim();
  return /^https?:\/\/[^\s/]+/i.test(text) && URL.canParse(text) ? text : "";
}

// How long a session still lasts: it ends after a silence, and at the end of a shift whatever is done.

export interface Lasting {
  idleSeconds: number; // of silence, until it ends
  endsAt: number; // milliseconds of the clock; its end in any case
}

export const WARN_SECONDS = 120;

export type Left = "long" | "silent" | "ending" | "over";

/** `silent`: ends soon unless something is asked; `ending`: ends soon whatever is asked. */
export function howLong(now: number, lastAnswer: number, lasting: Lasting): Left {
  const ofSilence = lasting.idleSeconds - (now - lastAnswer) / 1000;
  const ofShift = (lasting.endsAt - now) / 1000;
  if (Math.min(ofSilence, ofShift) <= 0) return "over";
  if (ofShift <= WARN_SECONDS) return "ending";
  return ofSilence <= WARN_SECONDS ? "silent" : "long";
}

// What the signs on the canvas mean: only those that are there.

import { computed } from "@preact/signals";

import { has, t } from "../words.ts";
import { daysOf } from "./looks.ts";
import { edges, nodes, sheet, styling, visible } from "./state.ts";
import { BANDS, OWN_KINDS, UNKNOWN, rampColour, signOf } from "./styling.ts";
import { nodeWord } from "./wording.ts";

const kinds = computed(() => {
  const found = new Set<string>();
  for (const key of visible.value.nodes) found.add(nodes.value.get(key)?.kind ?? "");
  found.delete("");
  const rank = (kind: string): number => (OWN_KINDS.includes(kind) ? OWN_KINDS.indexOf(kind) : 99);
  return [...found].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
});

const hasAssessments = computed(() => {
  for (const id of visible.value.edges) if (!edges.value.get(id)?.fact) return true;
  return false;
});

/** `room`: whether there is room for it to be open from the start. */
export function Legend({ room }: { room: boolean }) {
  if (kinds.value.length === 0) return null;
  return (
    <details class="graph-legend" open={room}>
      <summary>{t("page.canvas.legend")}</summary>
      <ul>
        {kinds.value.map((kind) => (
          <li key={kind}>
            <SignPicture kind={kind} plain={styling.value !== "kind"} /> {nodeWord(kind)}
          </li>
        ))}
        {hasAssessments.value && (
          <>
            <li>
              <Line dashed={false} /> {t("page.canvas.fact")}
            </li>
            <li>
              <Line dashed /> {t("page.canvas.assessment")}
            </li>
          </>
        )}
        {styling.value === "band" && <Bands />}
        {styling.value === "date" && <Ages />}
      </ul>
    </details>
  );
}

function Bands() {
  return (
    <>
      {BANDS.map((band, at) => (
        <Step colour={rampColour((at + 1) / BANDS.length - 0.01)} word={bandWord(band)} key={band} />
      ))}
      <Step colour={UNKNOWN} word={t("page.canvas.no-lead")} />
    </>
  );
}

function bandWord(band: string): string {
  return has(`band.${band}`) ? t(`band.${band}`) : band;
}

function Ages() {
  const { span } = daysOf(sheet.value);
  if (!span.to) return null;
  return (
    <>
      <Step colour={rampColour(0)} word={span.from} />
      <Step colour={rampColour(1)} word={span.to} />
    </>
  );
}

function Step({ colour, word }: { colour: string; word: string }) {
  return (
    <li>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <rect x="2" y="2" width="12" height="12" rx="2" fill={colour} class="graph-step" />
      </svg>{" "}
      {word}
    </li>
  );
}

function Line({ dashed }: { dashed: boolean }) {
  return (
    <svg viewBox="0 0 28 16" width="28" height="16" aria-hidden="true">
      <path d="M1 8H27" stroke="currentColor" stroke-width="2" stroke-dasharray={dashed ? "6 4" : undefined} />
    </svg>
  );
}

/** A kind's sign. `plain`: its colour tells something else than its kind. */
function SignPicture({ kind, plain }: { kind: string; plain: boolean }) {
  const sign = signOf(kind);
  const colour = plain ? "var(--quiet)" : sign.colour;
  return (
    <svg class="graph-sign" viewBox="-1.35 -1.35 2.7 2.7" width="16" height="16" aria-hidden="true">
      <path d={sign.shape} fill={colour} stroke={colour} stroke-width="0.2" />
      {sign.strokes && <path d={sign.strokes} fill="none" stroke="#ffffff" stroke-width="0.2" />}
    </svg>
  );
}

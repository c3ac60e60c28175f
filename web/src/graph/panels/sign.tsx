// Small pieces that several panels show.

import { useEffect, useRef } from "preact/hooks";

import { t } from "../../words.ts";
import { labelOf } from "../desk.ts";
import { nodeWord } from "../wording.ts";
import { type GNode, nodes, selection, show } from "../state.ts";
import { signOf } from "../styling.ts";

/** The sign of a kind, as the canvas draws it: filled for a fact, hollow and dashed for an assessment. */
export function Sign({ kind, fact = true }: { kind: string; fact?: boolean }) {
  const { shape, strokes, colour } = signOf(kind);
  return (
    <svg class="sign" viewBox="-1.4 -1.4 2.8 2.8" role="img" aria-label={nodeWord(kind)}>
      <path
        d={shape}
        fill={fact ? colour : "none"}
        stroke={colour}
        stroke-width="0.25"
        stroke-dasharray={fact ? undefined : "0.5 0.35"}
      />
      {strokes && <path d={strokes} fill="none" stroke={fact ? "#ffffff" : colour} stroke-width="0.22" />}
    </svg>
  );
}

/** A node as a button that chooses it and brings it into sight. */
export function NodeButton({ node, extra }: { node: Pick<GNode, "key" | "kind" | "label" | "fact">; extra?: string }) {
  const chosen = selection.value.has(node.key);
  const here = nodes.value.has(node.key);
  return (
    <button
      type="button"
      class="node"
      aria-pressed={chosen}
      disabled={!here}
      title={node.key}
      onClick={(event) => pick(node.key, event.ctrlKey || event.metaKey || event.shiftKey)}
    >
      <Sign kind={node.kind} fact={node.fact} />
      <span dir="auto">{here ? labelOf(node.key) : node.label}</span>
      {!node.fact && <Assessed />}
      {extra && <small dir="auto">{extra}</small>}
    </button>
  );
}

export function pick(key: string, also = false): void {
  if (!also) {
    selection.value = new Set([key]);
    show([key]);
    return;
  }
  const next = new Set(selection.value);
  if (!next.delete(key)) next.add(key);
  selection.value = next;
}

export function Assessed() {
  return <span class="assessed">{t("graph.assessment")}</span>;
}

/** A text box that holds its own text until it is left or Enter is pressed: one step of undo, not one a letter. */
export function Field({
  label,
  value,
  onDone,
  rows = 1,
  longest = 2000,
}: {
  label: string;
  value: string;
  onDone: (text: string) => void;
  rows?: number;
  longest?: number;
}) {
  const own = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    if (own.current) own.current.value = value;
  }, [value]);
  const done = () => own.current && own.current.value !== value && onDone(own.current.value);
  const wishes = { ref: own, dir: "auto" as const, maxLength: longest, onBlur: done, autocomplete: "off" };
  return (
    <label class="field">
      <span>{label}</span>
      {rows > 1 ? (
        <textarea {...wishes} rows={rows} />
      ) : (
        <input {...wishes} type="text" onKeyDown={(event) => event.key === "Enter" && !event.isComposing && done()} />
      )}
    </label>
  );
}

// Where a key was pressed: keys that act alone leave alone what is typed and what is pressed.

/** `text`: what is typed into; `control`: what Enter or Space presses; else `none`. */
export function targetKind(target: EventTarget | null): "text" | "control" | "none" {
  if (!(target instanceof Element)) return "none";
  if (target.closest("[contenteditable='true']")) return "text";
  const tag = target.tagName;
  if (tag === "TEXTAREA" || tag === "SELECT") return "text";
  if (tag === "INPUT")
    return ["checkbox", "radio", "button", "submit"].includes(target.getAttribute("type") ?? "") ? "control" : "text";
  return ["BUTTON", "A", "SUMMARY"].includes(tag) ? "control" : "none";
}

/** Whether an element stands in a place of the page that is not shown now: its keys belong to another. */
export function isAway(element: Element | null): boolean {
  return element === null || element.closest("[hidden]") !== null;
}

// The check sheet, opened in a window of its own and printed from there.

import { download } from "../api.ts";
import { authorised } from "../parts/authority.tsx";
import { tell } from "../parts/said.tsx";
import { t } from "../words.ts";
import { changing } from "./state.ts";

export async function printSheet(lead: string): Promise<void> {
  if (!lead || !authorised()) return;
  // Opened while the key is still pressed: later, the browser would take it for an advertisement.
  const paper = window.open("", "_blank");
  const file = await changing.run(() => download(`/leads/${encodeURIComponent(lead)}/sheet`, {}));
  if (!file) {
    paper?.close();
    return;
  }
  const text = await file.content.text();
  if (paper) lay(paper, text);
  else save(file);
}

/** Lays the sheet into the window. The page's policy allows no style within a document, so that the sheet's own is
 * taken out of its text and handed over as what it is: a style sheet. */
function lay(paper: Window, text: string): void {
  const [before = "", inner = ""] = text.split("<style>", 2);
  const [style = "", after = ""] = inner.split("</style>", 2);
  const sheet = new DOMParser().parseFromString(before + after, "text/html");
  for (const item of sheet.querySelectorAll("style, script, meta, link")) item.remove();
  const own = paper.document;
  own.open(); // a blank window's own document has no doctype, and sizes its tables as browsers did long ago
  own.write("<!doctype html><html><head></head><body></body></html>");
  own.close();
  const { CSSStyleSheet: OwnSheet } = paper as Window & typeof globalThis;
  const styled = new OwnSheet();
  styled.replaceSync(style);
  own.adoptedStyleSheets = [styled];
  own.documentElement.lang = sheet.documentElement.lang;
  own.title = sheet.title;
  own.body.className = sheet.body.className;
  own.body.replaceChildren(...[...sheet.body.childNodes].map((node) => own.importNode(node, true)));
  paper.focus();
  setTimeout(() => paper.print(), 100);
}

function save(file: { name: string; content: Blob }): void {
  const address = URL.createObjectURL(file.content);
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
  tell(t("page.review.sheet-saved", { name: file.name }));
}

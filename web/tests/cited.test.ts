import assert from "node:assert/strict";
import { test } from "node:test";

import { formsOf, said } from "../src/cited.ts";

const WORDS: Record<string, string> = {
  "form.cited.source.registration": "feed {feed}, registration {registration}",
  "cited.source.registration": "数据源 {feed}，登记 {registration}",
  "form.cited.source.list": "list {list}",
  "cited.source.list": "名单 {list}",
  "form.cited.note.match": "{band}, {bits} bits",
  "cited.note.match": "{band}，{bits} 比特",
  "form.cited.note.match-confirmed": "{band}, {bits} bits, confirmed by {name}",
  "cited.note.match-confirmed": "{band}，{bits} 比特，由 {name} 核实",
  "band.strong": "强",
};
const FORMS = formsOf(WORDS);

function spoken(text: string, area: string): string {
  return said(text, area, FORMS, (key) => WORDS[key] ?? key);
}

test("who states something is said in the words of the language, and names stand as they are written", () => {
  assert.equal(spoken("feed rental, registration R1", "cited.source."), "数据源 rental，登记 R1");
  assert.equal(spoken("list un (2)", "cited.source."), "名单 un (2)");
  assert.equal(spoken("list of friends", "cited.note."), "list of friends", "a remark is no source");
});

test("the form with most letters of its own is meant, and the program's words in it are said", () => {
  const confirmed = "strong, 31.0 bits, confirmed by $& (Li) {name}";
  assert.equal(spoken(confirmed, "cited.note."), "强，31.0 比特，由 $& (Li) {name} 核实");
  assert.equal(spoken("strong, 31.0 bits", "cited.note."), "强，31.0 比特");
  assert.equal(spoken("strong, many bits", "cited.note."), "strong, many bits");
});

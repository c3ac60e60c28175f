import assert from "node:assert/strict";
import { test } from "node:test";

import { filled, has, t } from "../src/words.ts";

test("a key without text shows itself, its fields untouched", () => {
  assert.equal(t("page.no.such"), "page.no.such");
  assert.equal(t("page.{count}", { count: 3 }), "page.3");
  assert.equal(t("page.{count}", { other: 3 }), "page.{count}");
  assert.equal(has("page.no.such"), false);
});

test("of one there is one, of any other number there are several", () => {
  const text = "{nodes} of {all} {all:node|nodes}, {links} {links:link|links}";
  assert.equal(filled(text, { nodes: 1, all: 2, links: 1 }), "1 of 2 nodes, 1 link");
  assert.equal(filled(text, { nodes: 0, all: 1, links: 0 }), "0 of 1 node, 0 links");
  assert.equal(filled("{count} {count:is|are} seen", { count: 21 }), "21 are seen");
  assert.equal(filled("{count:one|several}", { other: 1 }), "{count:one|several}");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { has, t } from "../src/words.ts";

test("a key without text shows itself, its fields untouched", () => {
  assert.equal(t("page.no.such"), "page.no.such");
  assert.equal(t("page.{count}", { count: 3 }), "page.3");
  assert.equal(t("page.{count}", { other: 3 }), "page.{count}");
  assert.equal(has("page.no.such"), false);
});

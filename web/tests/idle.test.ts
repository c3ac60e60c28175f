import assert from "node:assert/strict";
import { test } from "node:test";

import { WARN_SECONDS, howLong } from "../src/shell/idle.ts";

const lasting = { idleSeconds: 1800, endsAt: 43_200_000 };
const at = (seconds: number) => seconds * 1000;

test("a session that is used lasts, until its silence is nearly over", () => {
  assert.equal(howLong(at(100), at(100), lasting), "long");
  assert.equal(howLong(at(1800 - WARN_SECONDS - 1), 0, lasting), "long");
  assert.equal(howLong(at(1800 - WARN_SECONDS), 0, lasting), "silent");
  assert.equal(howLong(at(1800), 0, lasting), "over");
});

test("a shift ends whatever is done", () => {
  assert.equal(howLong(at(43_200 - WARN_SECONDS), at(43_200 - WARN_SECONDS), lasting), "ending");
  assert.equal(howLong(at(43_200), at(43_200), lasting), "over");
});

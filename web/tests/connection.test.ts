import assert from "node:assert/strict";
import { test } from "node:test";

import { lost, reconnect, unanswered } from "../src/connection.ts";

test("what is lost is asked for until it answers", async () => {
  const asked: string[] = [];
  globalThis.fetch = (async (address: string) => {
    asked.push(address);
    if (asked.length < 3) throw new TypeError("no network");
    return { ok: true };
  }) as unknown as typeof fetch;
  unanswered();
  await reconnect(1);
  assert.equal(lost.value, false);
  assert.deepEqual(asked, ["/healthz", "/healthz", "/healthz"]);
});

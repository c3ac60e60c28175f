import assert from "node:assert/strict";
import { test } from "node:test";

import { BOUNDS, NO_FIELDS, boundsBody, fromSplit, personBody, setAt } from "../src/ask/fields.ts";

const SPLIT = {
  name: "张伟",
  birth_date: "",
  id_numbers: [{ number: "990101198503040010", country: "CN", kind: "national-id" }],
  phones: ["13800138000"],
  emails: [],
  address: "",
  sex: "male",
  nationality: "",
};

test("the fields of a line go back as the server has read them", () => {
  assert.deepEqual(personBody(fromSplit(SPLIT)), {
    name: "张伟",
    id_numbers: SPLIT.id_numbers,
    phones: ["13800138000"],
    sex: "male",
  });
});

test("a number that is typed anew is sent as it is typed", () => {
  const fields = fromSplit(SPLIT);
  assert.equal(fields.id_numbers[0]?.text, "CN:990101198503040010");
  const typed = setAt(fields.id_numbers, 0, { text: " G1234 ", document: null }, (item) => !item.text);
  assert.deepEqual(personBody({ ...NO_FIELDS, id_numbers: typed }), { id_numbers: ["G1234"] });
});

test("blank fields are not sent, and no fields are no question", () => {
  assert.deepEqual(personBody({ ...NO_FIELDS, name: "  ", phones: [" ", ""] }), {});
});

test("a value that is emptied is gone, one behind the last is added", () => {
  const isEmpty = (text: string) => !text;
  assert.deepEqual(setAt(["a", "b"], 0, "", isEmpty), ["b"]);
  assert.deepEqual(setAt(["a"], 1, "b", isEmpty), ["a", "b"]);
});

test("a date and an entry are sent only where they are stated", () => {
  assert.deepEqual(boundsBody(BOUNDS), { limit: 10, min_band: "weak" });
  assert.deepEqual(boundsBody({ ...BOUNDS, as_of: "2026-01-02", against: " un:QDi.1 " }), {
    limit: 10,
    min_band: "weak",
    as_of: "2026-01-02",
    against: "un:QDi.1",
  });
});

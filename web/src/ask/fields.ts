// The fields of a query as they are typed, and as they are sent. Nothing here leaves the page's memory.

import type { Document } from "../parts/shapes.ts";

/** A number as it stands in its field; `document` while it is as the server has read it from a line. */
export interface NumberField {
  text: string;
  document: Document | null;
}

export interface Fields {
  name: string;
  birth_date: string;
  id_numbers: NumberField[];
  phones: string[];
  emails: string[];
  address: string;
  sex: string;
  nationality: string;
}

export interface Bounds {
  limit: number;
  min_band: string;
  as_of: string;
  against: string;
}

/** What /split answers. */
export interface Split {
  name: string;
  birth_date: string;
  id_numbers: (Document | string)[];
  phones: string[];
  emails: string[];
  address: string;
  sex: string | null;
  nationality: string;
}

export type Sent = Record<string, unknown>;

export const NO_FIELDS: Fields = {
  name: "",
  birth_date: "",
  id_numbers: [],
  phones: [],
  emails: [],
  address: "",
  sex: "",
  nationality: "",
};

export const BOUNDS: Bounds = { limit: 10, min_band: "weak", as_of: "", against: "" };

/** The fields of a line that the server has split. */
export function fromSplit(split: Split): Fields {
  return {
    name: split.name,
    birth_date: split.birth_date,
    id_numbers: split.id_numbers.map((item) =>
      typeof item === "string" ? { text: item, document: null } : { text: written(item), document: item },
    ),
    phones: split.phones,
    emails: split.emails,
    address: split.address,
    sex: split.sex ?? "",
    nationality: split.nationality,
  };
}

function written(document: Document): string {
  return document.country ? `${document.country}:${document.number}` : document.number;
}

/** A list of values with one of them typed anew; one that was emptied is gone. */
export function setAt<T>(values: readonly T[], place: number, value: T, isEmpty: (value: T) => boolean): T[] {
  const next = [...values.slice(0, place), value, ...values.slice(place + 1)];
  return next.filter((item) => !isEmpty(item));
}

/** The fields of a person as they are sent, empty ones left out. */
export function personBody(fields: Fields): Sent {
  const body: Sent = {};
  for (const key of ["name", "birth_date", "address", "sex", "nationality"] as const)
    if (fields[key].trim()) body[key] = fields[key].trim();
  const numbers = fields.id_numbers.filter((item) => item.text.trim());
  if (numbers.length) body.id_numbers = numbers.map((item) => item.document ?? item.text.trim());
  for (const key of ["phones", "emails"] as const) {
    const values = fields[key].map((text) => text.trim()).filter(Boolean);
    if (values.length) body[key] = values;
  }
  return body;
}

/** The bounds as they are sent, where they are others than the usual ones. */
export function boundsBody(bounds: Bounds): Sent {
  const body: Sent = { limit: bounds.limit, min_band: bounds.min_band };
  if (bounds.as_of) body.as_of = bounds.as_of;
  if (bounds.against.trim()) body.against = bounds.against.trim();
  return body;
}

// What the server answers about matches and leads, as far as the page shows it.

export interface Span {
  text: string;
  mark: string; // same, differs, hidden, script
}

export interface Side {
  field: string;
  label: string;
  verdict: string; // agrees, disagrees, neutral, not-compared, only-one
  verdict_label: string;
  left: Span[][];
  right: Span[][];
  left_more: string[];
  right_more: string[];
}

/** One piece of evidence as a bar from `start` to `end`, in thousandths of a bit. */
export interface Step {
  field: string;
  label: string;
  level: string;
  finding: string;
  left: string;
  right: string;
  note: string;
  millibits: number;
  bits: string;
  start: number;
  end: number;
}

export interface Floor {
  band: string;
  label: string;
  millibits: number;
}

export interface EntryFact {
  key: string;
  label: string;
  text: string;
  href?: string;
}

export interface Compared {
  sides: Side[];
  steps: Step[];
  not_compared: { field: string; label: string }[];
  floors: Floor[];
  worded: { band: string; probability: string; bits: string; capped: string };
  facts: EntryFact[];
}

export interface Entry {
  list: string;
  id: string;
  name?: string;
  birth_dates?: string[];
}

export interface Standing {
  id: string;
  version: string | null;
  date: string | null;
  status: string;
  stale: boolean;
  status_label: string;
  age_days: number | null;
}

export interface Document {
  number: string;
  country: string;
  kind: string;
}

/** The record of a person as a query or a registration states it. */
export interface Person {
  names: { text: string; weak: boolean }[];
  birth_dates: string[];
  documents: Document[];
}

export interface Said {
  by: string;
  user: string;
  at: string;
  note: string | null;
}

export interface Seen {
  revision: number;
  updated_at: string;
}

// What the calls of the watch answer.

export interface ListTold {
  id: string;
  title?: string;
  publisher?: string;
  version: string | null;
  date: string | null;
  status: string;
  stale: boolean;
  people?: number;
  others?: number;
  rejected?: number;
  max_age_days?: number | null;
  age_days: number | null;
  expired: number;
  about_to_expire: Record<string, number>;
  changes: { added: number; changed: number; withdrawn: number } | null;
}

export interface ListsTold {
  as_of: string;
  lists: ListTold[];
  banners: string[];
}

export interface Progress {
  run: string;
  state: "finished" | "running" | "stopped";
  rows_done: number;
  rows_before: number;
}

export interface RunTold extends Progress {
  feed: string;
  file: string;
  as_of: string;
  started_at: string;
  finished_at: string | null;
  seconds: number;
  counts: Record<string, number>;
  backwards: boolean;
}

export interface RunsTold {
  runs: RunTold[];
  total: number;
  feeds: string[];
}

export interface NightTold {
  night: string | null;
  began_at: string;
  state: "done" | "running" | "interrupted" | "failed" | "refused";
  user: string;
  as_of: string | null;
  counts: Record<string, number>;
  why: string | null;
  consultation: string;
}

export interface NightReport {
  lists: { list: string; fate: string | null; status: string | null; added: number; changed: number; withdrawn: number }[];
  feeds: { feed: string; files: { file: string; fate: string; counts?: Record<string, number> }[] }[];
  leads: { lead: string; what: string; band: string; feed: string }[];
  problems: { kind: string; about: string; why: string }[];
}

export interface QuarantineTold {
  total: number;
  reasons: { reason: string; text: string; column: string; expected: string; count: number }[];
  rows: { file: string; line: number; column: string; reason: string }[];
}

export interface RatesTold {
  scripts: { script: string; decided: number; confirmed: number; cleared: number; share: number; low: number; high: number }[];
  reasons: Record<string, number>;
  left_out: number;
  least: number;
}

export interface LogItem {
  consultation: string;
  at: string;
  verb: string;
  verb_text: string;
  who: string;
  authority: string;
  fields: string[];
  about: Record<string, string>;
  outcome: { counts: Record<string, number>; leads: string[]; entries: string[]; refused: string | null } | null;
  refused_text: string | null;
}

export interface LogTold {
  items: LogItem[];
  total: number;
  verbs: { verb: string; text: string }[];
}

export interface UnusualTold {
  since: string;
  until: string;
  consultations: number;
  signs: { rule: string; who: string; text: string; consultations: string[] }[];
  rules: { rule: string; text: string }[];
  limits: string;
}

export interface CaseTold {
  case: string;
  state: "open" | "closed" | "expired";
  title: string;
  authority: string;
  legal_basis: string;
  purpose: string;
  members: string[];
  opened_by: string;
  opened_at: string;
  expires_on: string;
  mine: boolean;
}

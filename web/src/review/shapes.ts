// What the server answers about leads.

import type { Compared, Entry, Person, Said, Seen, Standing } from "../parts/shapes.ts";

export interface Queued {
  lead: string;
  state: string;
  state_label: string;
  flag: string | null;
  flag_label: string;
  band: string;
  probability_label: string;
  bits: number;
  capped: string;
  list: string;
  entry: string;
  entry_name: string;
  entries: string[];
  person: string;
  role_label: string;
  feed: string;
  registration_id: string;
  list_status: string;
  obstacle: string | null;
  obstacle_label: string;
  opened_at: string;
  updated_at: string;
  assigned_to: string | null;
  confirmation_proposed: Said | null;
  last_outcome: string | null;
  last_outcome_label: string;
  notes: number;
  revision: number;
  seen: Seen;
}

export interface Queue {
  leads: Queued[];
  total: number;
  lists: string[];
  feeds: string[];
  banners: string[];
  consultation: string;
}

/** One entry of a lead on a group; without a comparison where it was never compared. */
export interface Further extends Partial<Compared> {
  key: string;
  entry: Entry;
  band?: string;
  list_status: string;
  obstacle: string | null;
  obstacle_label: string;
}

export interface Revision {
  revision: number;
  state: string;
  state_label: string;
  bits: number;
  flag: string | null;
  decided_by: string | null;
  decided_at: string | null;
  decision: string | null;
  decision_label: string;
}

export interface Allowed {
  allowed: boolean;
  why: string;
}

export interface Lead extends Compared {
  lead: string;
  state: string;
  state_label: string;
  flag: string | null;
  flag_label: string;
  revision: number;
  feed: string;
  registration_id: string;
  role_label: string;
  registered: Person & {
    address: string;
    unit: string;
    unit_code: string;
    start_date: string | null;
    end_date: string | null;
  };
  entry: Entry;
  band: string;
  key: string;
  person: string;
  stay: string;
  list_date: string;
  list_status: string;
  obstacle: string | null;
  obstacle_label: string;
  group: string | null;
  entries: Further[];
  policy: string;
  run: string;
  created_at: string;
  updated_at: string;
  decided_by: string | null;
  decided_at: string | null;
  decision_label: string;
  assigned_to: string | null;
  confirmation_proposed: Said | null;
  outcomes: (Said & { outcome: string; outcome_label: string })[];
  notes: Said[];
  revisions: Revision[];
  clearance: {
    reason: string;
    reason_label: string;
    by: string;
    at: string;
    ended_at: string | null;
    lead: string;
  } | null;
  changed_labels: string[];
  others: (Queued & { same_person: boolean })[];
  handled: string[];
  banners: string[];
  notice: string;
  lists: Standing[];
  four_eyes: boolean;
  may: Record<string, Allowed>;
  clear_reasons: string[];
  consultation: string;
  seen: Seen;
}

export interface Changed {
  lead: Lead;
  text: string;
  done?: string;
  cleared?: string[];
  suggested?: string;
  cleared_along?: string[];
}

/** A change that came too late: somebody was faster, and nothing was done. */
export interface Conflict {
  code: string;
  detail: string;
  lead: Lead;
}

export interface Replayed {
  agrees: boolean;
  text: string[];
}

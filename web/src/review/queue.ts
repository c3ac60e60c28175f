// The queue: what is asked for, and where the eye is. Pure.

import { daysBetween } from "../parts/format.ts";
import type { Lead, Queued } from "./shapes.ts";

export interface Filters {
  state: string;
  band: string;
  list: string;
  feed: string;
  assigned: string;
  new_since: string;
  run: string;
}

export const FILTERS: Filters = { state: "open", band: "", list: "", feed: "", assigned: "", new_since: "", run: "" };
export const PAGE = 100; // leads that are read at once

export const ORDERS = ["best", "oldest", "newest", "list", "feed", "assigned"] as const;
export type Order = (typeof ORDERS)[number];

/** The filters as they are sent; empty ones do not narrow. */
export function filterBody(filters: Filters, order: Order, offset: number): Record<string, unknown> {
  return {
    states: filters.state ? [filters.state] : [],
    bands: filters.band ? [filters.band] : [],
    list: filters.list.trim(),
    feed: filters.feed.trim(),
    run: filters.run.trim(),
    assigned: filters.assigned.trim(),
    new_since: filters.new_since || null,
    order,
    limit: PAGE,
    offset,
  };
}

/** Filters other than the usual ones. */
export function narrowed(filters: Filters): boolean {
  return Object.entries(filters).some(([name, value]) => value !== FILTERS[name as keyof Filters]);
}

/** The id so many places further, held at the ends; the first where none is chosen. */
export function moved(leads: readonly Queued[], chosen: string, by: number): string {
  if (leads.length === 0) return "";
  const place = leads.findIndex((lead) => lead.lead === chosen);
  if (place < 0) return leads[0]?.lead ?? "";
  return leads[Math.min(leads.length - 1, Math.max(0, place + by))]?.lead ?? "";
}

/** The id of the next lead that still waits, after the chosen one or else from the start; itself where none does. */
export function nextWaiting(leads: readonly Queued[], chosen: string): string {
  const place = leads.findIndex((lead) => lead.lead === chosen);
  const round = [...leads.slice(place + 1), ...leads.slice(0, Math.max(0, place))];
  return round.find((lead) => lead.state === "open")?.lead ?? chosen;
}

/** A page more, each lead once, in the newer form. */
export function joined(before: readonly Queued[], more: readonly Queued[]): Queued[] {
  const newer = new Map(more.map((lead) => [lead.lead, lead]));
  const kept = before.map((lead) => newer.get(lead.lead) ?? lead);
  const known = new Set(before.map((lead) => lead.lead));
  return [...kept, ...more.filter((lead) => !known.has(lead.lead))];
}

/** The queue after a lead was seen or changed: its row says what the lead says now. */
export function told(leads: readonly Queued[], lead: Lead, along: readonly string[] = []): Queued[] {
  return leads.map((row) => {
    if (row.lead === lead.lead) return { ...row, ...rowOf(lead) };
    if (along.includes(row.lead)) return { ...row, state: lead.state, state_label: lead.state_label };
    return row;
  });
}

function rowOf(lead: Lead): Partial<Queued> {
  const last = lead.outcomes.at(-1);
  return {
    state: lead.state,
    state_label: lead.state_label,
    flag: lead.flag,
    flag_label: lead.flag_label,
    band: lead.band,
    assigned_to: lead.assigned_to,
    confirmation_proposed: lead.confirmation_proposed,
    last_outcome: last?.outcome ?? null,
    last_outcome_label: last?.outcome_label ?? "",
    notes: lead.notes.length,
    revision: lead.revision,
    updated_at: lead.updated_at,
    obstacle: lead.obstacle,
    obstacle_label: lead.obstacle_label,
    seen: lead.seen,
  };
}

/** Days since a lead was opened, on a day. */
export function ageOf(lead: Queued, day: string): number | null {
  return daysBetween(lead.opened_at, day);
}

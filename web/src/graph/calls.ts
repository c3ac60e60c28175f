// The server's calls about the graph, in their shapes.

import { call, download } from "../api.ts";
import type { GEdge, GNode } from "./state.ts";

export type Edge = Omit<GEdge, "id">;
export type Row = Record<string, string | number | boolean | null | string[]>;

/** What every answer about the graph has. */
export interface Common {
  truncated: boolean;
  banners: string[];
  consultation: string;
}

export interface Drawn extends Common {
  nodes: GNode[];
  edges: Edge[];
}

export interface Analysis {
  name: string;
  question: string;
  fewest: number;
  most: number | null;
  case: boolean;
  hops: number;
  free_hops: number | null;
  dated: boolean;
  imported: boolean;
  imported_edges: boolean;
}

export interface Offered {
  analyses: Analysis[];
  kinds: { kind: string; word: string }[];
  edges: { kind: string; word: string }[];
  bounds: Record<string, number>;
  formats?: string[];
}

export interface Bounds {
  hops: number;
  limit: number;
  from: string;
  to: string;
  edges: string[];
  labels: string[];
  sources: string[];
  max_links: number;
}

export interface Answered extends Drawn {
  analysis: string;
  graph?: string;
  parameters: { nodes: string[]; hops: number; limit: number; from: string | null; to: string | null };
  rows: Row[];
}

export interface Imported {
  name: string;
  nodes: number;
  edges: number;
  case: string | null;
  askable: boolean;
}

export interface Found extends Common {
  nodes: GNode[];
  total: number;
  more: number;
}

export interface Counted extends Common {
  counts: { key: string; total: number; truncated: boolean; links: { edge: string; kind: string; count: number }[] }[];
}

export interface Resident {
  key: string;
  kind: string;
  label: string;
  fact: boolean;
  edge: string;
  from: string | null;
  to: string | null;
  source: string;
}

export interface Unit {
  key: string;
  label: string;
  unit: string;
  fact: boolean;
  people: Resident[];
}

export interface Building extends Drawn {
  address: GNode;
  floors: { floor: string | null; number: number | null; units: Unit[] }[];
  elsewhere: Resident[]; // tied to the house and to no unit of it
}

export interface DrawnIn extends Drawn {
  unit: { key: string; label: string };
  feed: string;
  file: string;
  people: { key: string; label: string; role: string; registration: string; from: string | null; to: string | null; new: boolean }[];
  counts: Record<string, number>;
  left_out: { reason: string; count: number; text: string }[];
}

export interface SavedView {
  id: string;
  name: string;
  graph: string; // the imported graph that it is of; empty: the program's own
  revision: number;
  nodes: number;
  made_by: string;
  made_at: string;
  changed_by: string;
  changed_at: string;
  seen_at: string | null;
}

export interface Changes extends Common {
  view: string;
  since: string | null;
  new: { nodes: GNode[]; edges: Edge[] };
  changed: { nodes: GNode[]; edges: Edge[] };
  gone: { nodes: string[]; edges: [string, string, string][]; links: number };
}

export interface ExportAsked {
  format: string;
  keys: string[];
  edges: [string, string, string][];
  positions: Record<string, [number, number]>;
  asked: string[];
  paths: string[][];
  title: string;
  notes: Record<string, { label: string; note: string; mark: string }>;
  with_open_leads: boolean;
  graph: string;
}

export const analyses = () => call<Offered>("GET", "/graph/analyses");
export const imported = () => call<{ graphs: Imported[] }>("GET", "/graph/graphs");
export const find = (text: string, leads: boolean, graph: string) =>
  call<Found>("POST", "/graph/find", { text, with_open_leads: leads, graph });
export const ask = (analysis: string, nodes: readonly string[], bounds: Bounds, leads: boolean, graph: string) =>
  call<Answered>("POST", "/graph/ask", { analysis, nodes, ...bounds, with_open_leads: leads, graph });
export const counts = (nodes: readonly string[], leads: boolean, graph: string) =>
  call<Counted>("POST", "/graph/counts", { nodes, with_open_leads: leads, graph });
export const building = (node: string, leads: boolean, period: { from: string; to: string }) =>
  call<Building>("POST", "/graph/building", { node, with_open_leads: leads, ...period });
export const drawIn = (unit: string, period: { from: string; to: string }) =>
  call<DrawnIn>("POST", "/graph/draw-in", { unit, ...period });
export const views = () => call<{ views: SavedView[] }>("POST", "/graph/views", {});
export const openView = (id: string) =>
  call<Drawn & { view: SavedView & { state: unknown }; gone: string[] }>("POST", `/graph/views/${id}`, {});
export const saveView = (id: string, revision: number, name: string, graph: string, state: unknown) =>
  call<{ view: SavedView }>("PUT", `/graph/views/${id}`, { revision, name, graph, state });
export const deleteView = (id: string, revision: number) => call<object>("DELETE", `/graph/views/${id}`, { revision });
export const changes = (view: string, seen: boolean) => call<Changes>("POST", "/graph/changes", { view, seen });
export const exported = (asked: ExportAsked) => download("/graph/export", asked);

// Calls of the server. One place adds the session's token, the language and an id by which a call that is sent again
// after a dropped connection is answered once.

import { answered as heard, unanswered } from "./connection.ts";

export interface Session {
  user: string;
  roles: string[];
  may: string[];
  reason: string;
  case: string;
  cases: { id: string; title: string; expires_on: string }[];
  as_of: string; // the date by which lists and entries are judged; empty: today
  csrf: string;
  password: "" | "own" | "given"; // given: by another, who knows it; it has to be changed first
  version: string;
  idle_seconds: number; // of silence, after which the session ends
  seconds_left: number; // until it ends in any case
}

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** All that the server said, for a refusal that brings more than its sentence. */
  readonly body: unknown;
  /** Seconds after which it can be tried again. */
  readonly wait: number;

  constructor(status: number, code: string, detail: string, body: unknown = null, wait = 0) {
    super(detail);
    this.status = status;
    this.code = code;
    this.body = body;
    this.wait = wait;
  }
}

const TRIES = 3;
const state = { csrf: "", lang: "en", signedOut: () => {} };

export function useLanguage(lang: string): void {
  state.lang = lang;
}

export function whenSignedOut(act: () => void): void {
  state.signedOut = act;
}

/** `id`: that of an earlier attempt that got no answer, so that both are answered once. */
export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  id?: string,
): Promise<T> {
  const answered = await send(method, path, body, signal, id);
  return (await answered.json()) as T;
}

/** A file and its name. */
export async function download(path: string, body: unknown): Promise<{ name: string; content: Blob }> {
  const answered = await send("POST", path, body);
  const name = /filename="([^"]+)"/.exec(answered.headers.get("content-disposition") ?? "")?.[1] ?? "netpursuit";
  return { name, content: await answered.blob() };
}

async function send(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  id: string = crypto.randomUUID(),
): Promise<Response> {
  const headers: Record<string, string> = { "Accept-Language": state.lang };
  if (method !== "GET") {
    headers["X-CSRF-Token"] = state.csrf;
    headers["X-Request-Id"] = id;
    headers["Content-Type"] = "application/json";
  }
  const init: RequestInit = { method, headers, signal: signal ?? null };
  if (body !== undefined) init.body = JSON.stringify(body);
  const answered = await persistent(`/api/v1${path}`, init);
  if (answered.ok) return answered;
  const said = (await answered.json().catch(() => ({}))) as { code?: string; detail?: string };
  const wait = Number(answered.headers.get("retry-after") ?? 0);
  const error = new ApiError(answered.status, said.code ?? "http", said.detail ?? answered.statusText, said, wait);
  if (error.status === 401 && error.code === "session") state.signedOut();
  throw error;
}

/** Sent again where no answer came: the id in its header lets the server answer it once. */
async function persistent(address: string, init: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const found = await fetch(address, init);
      heard();
      return found;
    } catch (error) {
      if (!init.signal?.aborted) unanswered();
      if (init.signal?.aborted || attempt >= TRIES) throw new ApiError(0, "connection", String(error));
      await new Promise((done) => setTimeout(done, 300 * attempt));
    }
  }
}

export async function readSession(): Promise<Session> {
  return keep(await call<Session>("GET", "/session"));
}

export async function signIn(stated: { link?: string; user?: string; password?: string }): Promise<Session> {
  await call("POST", "/sign-in", stated);
  return readSession();
}

export interface Ways {
  passwords: boolean;
  least: number; // characters of one
}

export async function waysToSignIn(): Promise<Ways> {
  return call<Ways>("GET", "/sign-in");
}

export async function changePassword(old: string, fresh: string): Promise<Session> {
  state.csrf = (await call<{ csrf: string }>("PUT", "/session/password", { old, new: fresh })).csrf;
  return readSession();
}

export async function chooseAuthority(chosen: { reason?: string; case?: string }): Promise<Session> {
  return keep(await call<Session>("PUT", "/session/authority", chosen));
}

export async function signOut(): Promise<void> {
  await call("DELETE", "/session");
  state.csrf = "";
}

function keep(session: Session): Session {
  state.csrf = session.csrf;
  return session;
}

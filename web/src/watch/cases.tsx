// Cases: the authority under which people look. Opened and closed by those whose roles allow it.

import { signal } from "@preact/signals";

import { ApiError, call, readSession } from "../api.ts";
import { may, session, whenSignedOut } from "../session.ts";
import { t } from "../words.ts";
import { Panel, loading } from "./loading.tsx";
import type { CaseTold } from "./shapes.ts";

const TEXTS = ["title", "authority", "legal_basis", "purpose"] as const;
const EMPTY = { id: "", title: "", authority: "", legal_basis: "", purpose: "", members: "", expires_on: "" };
const cases = loading(() => call<{ cases: CaseTold[] }>("GET", "/cases"));
const draft = signal(EMPTY);
const opening = signal(false);
const closing = signal("");
const trouble = signal("");
whenSignedOut(() => {
  draft.value = EMPTY;
  opening.value = false;
  closing.value = "";
});

async function act(path: string, body: unknown): Promise<boolean> {
  try {
    await call("POST", path, body);
    trouble.value = "";
  } catch (error) {
    trouble.value = error instanceof ApiError ? error.message : String(error);
    return false;
  }
  await cases.load();
  session.value = await readSession(); // the chooser offers the user's open cases
  return true;
}

async function open(event: Event): Promise<void> {
  event.preventDefault();
  const { members, ...stated } = draft.value;
  const named = members.split(/[\s,，、;；]+/).filter(Boolean);
  if (await act("/cases", { ...stated, members: named })) {
    draft.value = EMPTY;
    opening.value = false;
  }
}

async function close(id: string): Promise<void> {
  if (await act("/cases/close", { case: id })) closing.value = "";
}

export function Cases() {
  return (
    <Panel of={cases} title={t("page.watch.cases")} free>
      {(told) => (
        <>
          {trouble.value && (
            <p role="alert" class="notice">
              {trouble.value}
            </p>
          )}
          {may("case-open") && !opening.value && (
            <button type="button" onClick={() => (opening.value = true)}>
              {t("page.watch.case.new")}
            </button>
          )}
          {opening.value && <New />}
          {told.cases.length === 0 ? <p>{t("page.watch.cases.none")}</p> : <Table cases={told.cases} />}
        </>
      )}
    </Panel>
  );
}

function New() {
  const own = draft.value;
  const state = (part: Partial<typeof EMPTY>) => (draft.value = { ...draft.value, ...part });
  return (
    <form class="narrow case" onSubmit={(event) => void open(event)} aria-label={t("page.watch.case.new")}>
      {TEXTS.map((name) => (
        <label key={name}>
          {t(`page.watch.case.${name}`)}
          <input dir="auto" required maxLength={500} value={own[name]} onInput={(event) => state({ [name]: event.currentTarget.value })} />
        </label>
      ))}
      <label>
        {t("page.watch.case.expires_on")}
        <input type="date" required value={own.expires_on} onInput={(event) => state({ expires_on: event.currentTarget.value })} />
      </label>
      <label>
        {t("page.watch.case.members")}
        <input value={own.members} placeholder={session.value?.user ?? ""} onInput={(event) => state({ members: event.currentTarget.value })} />
      </label>
      <label>
        {t("page.watch.case.id")}
        <input maxLength={64} value={own.id} onInput={(event) => state({ id: event.currentTarget.value })} />
      </label>
      <button type="submit">{t("page.watch.case.open")}</button>
      <button type="button" onClick={() => (opening.value = false)}>
        {t("page.watch.close")}
      </button>
    </form>
  );
}

function Table({ cases: shown }: { cases: CaseTold[] }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={t("page.watch.cases")}>
      <table>
        <thead>
          <tr>
            {["id", "state", "title", "purpose", "members", "expires_on", "act"].map((name) => (
              <th key={name} scope="col">
                {t(`page.watch.case.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((item) => (
            <tr key={item.case}>
              <th scope="row">
                <bdi dir="auto">{item.case}</bdi>
              </th>
              <td>{t(`case.state.${item.state}`)}</td>
              <td>
                <bdi dir="auto">{item.title}</bdi>
              </td>
              <td>
                <bdi dir="auto">{item.purpose}</bdi>
                <div class="quiet">
                  <bdi dir="auto">{item.authority}</bdi> · <bdi dir="auto">{item.legal_basis}</bdi>
                </div>
              </td>
              <td>
                <bdi dir="auto">{item.members.join(", ")}</bdi>
              </td>
              <td>{item.expires_on}</td>
              <td>{item.mine && item.state !== "closed" && may("case-close") && <Close id={item.case} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Close({ id }: { id: string }) {
  if (closing.value !== id)
    return (
      <button type="button" onClick={() => (closing.value = id)} aria-label={t("page.watch.case.close-of", { case: id })}>
        {t("page.watch.case.close")}
      </button>
    );
  return (
    <>
      <p>{t("page.watch.case.sure")}</p>
      <button type="button" onClick={() => void close(id)}>
        {t("page.watch.case.do-close")}
      </button>{" "}
      <button type="button" onClick={() => (closing.value = "")}>
        {t("page.watch.case.keep")}
      </button>
    </>
  );
}

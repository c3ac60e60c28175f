// The named views of the case, and what has changed since the analyst last looked.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";

import { t } from "../../words.ts";
import type { SavedView } from "../calls.ts";
import { hasCase, labelOf, working } from "../desk.ts";
import { linkWord } from "../wording.ts";
import { changed, compare, conflict, current, drawChanges, openView, readViews, remove, rename, save, saved, unsaved } from "../saving.ts";
import { nodes } from "../state.ts";
import { isQuiet } from "./viewing.ts";
import { NodeButton, Sign } from "./sign.tsx";

export function ViewsPanel() {
  const name = useSignal("");
  const known = hasCase.value ? saved.value : null;
  useEffect(() => {
    if (hasCase.value && saved.value === null && working.value === 0) void readViews();
  }, [hasCase.value]);
  useLayoutEffect(() => {
    name.value = current.value?.name ?? ""; // at once: what is typed next stays
  }, [current.value?.id, current.value?.name]);
  if (!hasCase.value) return <p class="quiet">{t("page.graph.why.case")}</p>;
  const busy = working.value > 0;
  const named = name.value.trim();
  const empty = nodes.value.size === 0;
  const open = current.value;
  return (
    <div class="views">
      {open && (
        <p role="status">
          {t("page.graph.views.current")} <strong dir="auto">{open.name}</strong>{" "}
          <span class={unsaved.value ? "warn" : "quiet"}>{t(unsaved.value ? "page.graph.views.unsaved" : "page.graph.views.unchanged")}</span>
        </p>
      )}
      <form
        class="joined"
        onSubmit={(event) => {
          event.preventDefault();
          if (named) void save(named, !open);
        }}
      >
        <input
          type="text"
          dir="auto"
          aria-label={t("page.graph.views.name")}
          placeholder={t("page.graph.views.name")}
          maxLength={100}
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
        <button type="submit" disabled={busy || !named || empty}>
          {t("page.graph.views.save")}
        </button>
      </form>
      {open && (
        <div class="row wrap">
          <button type="button" disabled={busy || !named || named === open.name} onClick={() => void save(named, true)}>
            {t("page.graph.views.save-new")}
          </button>
          <button type="button" disabled={busy} onClick={() => void compare(false)}>
            {t("page.graph.views.changes")}
          </button>
        </div>
      )}
      {conflict.value && open && (
        <div role="alert" class="warn">
          <p>{t("page.graph.views.conflict")}</p>
          <button type="button" disabled={busy} onClick={() => void save(t("page.graph.views.mine", { name: open.name }), true)}>
            {t("page.graph.views.keep-mine")}
          </button>{" "}
          <button type="button" disabled={busy} onClick={() => void openView(open.id)}>
            {t("page.graph.views.take-theirs")}
          </button>
        </div>
      )}
      <Changed />
      <ul class="list">
        {(known ?? []).map((view) => (
          <Saved key={view.id} view={view} />
        ))}
      </ul>
      {known?.length === 0 && <p class="quiet">{t("page.graph.views.none")}</p>}
    </div>
  );
}

function Saved({ view }: { view: SavedView }) {
  const asked = useSignal<"" | "rename" | "delete">("");
  const name = useSignal(view.name);
  const busy = working.value > 0;
  return (
    <li>
      <div class="row">
        <button type="button" class="node" aria-pressed={current.value?.id === view.id} disabled={busy} onClick={() => void openView(view.id)}>
          <span dir="auto">{view.name}</span>
          <small>{t("page.graph.views.about", { nodes: view.nodes, by: view.changed_by, at: view.changed_at.slice(0, 10) })}</small>
          {view.graph && (
            <small class="badge" dir="auto">
              {view.graph}
            </small>
          )}
        </button>
        <button type="button" class="small" onClick={() => (asked.value = asked.value === "rename" ? "" : "rename")}>
          {t("page.graph.views.rename")}
        </button>
        <button type="button" class="small" onClick={() => (asked.value = asked.value === "delete" ? "" : "delete")}>
          {t("page.graph.views.delete")}
        </button>
      </div>
      {asked.value === "rename" && (
        <form
          class="joined"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.value.trim()) void rename(view, name.value.trim()).then(() => (asked.value = ""));
          }}
        >
          <input type="text" dir="auto" maxLength={100} aria-label={t("page.graph.views.name")} value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
          <button type="submit" disabled={busy}>
            {t("page.graph.views.rename")}
          </button>
        </form>
      )}
      {asked.value === "delete" && (
        <div role="alert">
          {t("page.graph.views.delete-sure")}{" "}
          <button type="button" disabled={busy} onClick={() => void remove(view)}>
            {t("page.graph.views.delete")}
          </button>{" "}
          <button type="button" onClick={() => (asked.value = "")}>
            {t("page.graph.views.keep")}
          </button>
        </div>
      )}
    </li>
  );
}

const MOST = 30;

function Changed() {
  const found = changed.value;
  if (!found) return null;
  const since = (found.since ?? "").replace("T", " ").slice(0, 16);
  if (isQuiet(found)) return <p role="status">{t("page.graph.changes.none", { since })}</p>;
  const links = (title: string, edges: { kind: string; start: string; end: string }[]) =>
    edges.length > 0 && (
      <>
        <h5>{t(title, { count: edges.length })}</h5>
        <ul class="small">
          {edges.slice(0, MOST).map(({ kind, start, end }) => (
            <li key={`${kind} ${start} ${end}`} dir="auto">
              {called(found, start)} – {linkWord(kind)} – {called(found, end)}
            </li>
          ))}
        </ul>
      </>
    );
  return (
    <section class="changes">
      <h4>{t("page.graph.changes.since", { since })}</h4>
      {found.new.nodes.length > 0 && (
        <>
          <h5>{t("page.graph.changes.new-nodes", { count: found.new.nodes.length })}</h5>
          <ul class="list">
            {found.new.nodes.slice(0, MOST).map((node) => (
              <li key={node.key}>
                {nodes.value.has(node.key) ? (
                  <NodeButton node={node} />
                ) : (
                  <span dir="auto">
                    <Sign kind={node.kind} fact={node.fact} /> {node.label}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {links("page.graph.changes.new-links", found.new.edges)}
      {found.changed.nodes.length > 0 && (
        <>
          <h5>{t("page.graph.changes.changed", { count: found.changed.nodes.length })}</h5>
          <ul class="list">
            {found.changed.nodes.slice(0, MOST).map((node) => (
              <li key={node.key}>
                <NodeButton node={node} />
              </li>
            ))}
          </ul>
        </>
      )}
      {links("page.graph.changes.changed-links", found.changed.edges)}
      {found.gone.nodes.length > 0 && (
        <>
          <h5>{t("page.graph.changes.gone", { count: found.gone.nodes.length })}</h5>
          <ul class="small">
            {found.gone.nodes.slice(0, MOST).map((key) => (
              <li key={key}>{labelOf(key)}</li>
            ))}
          </ul>
        </>
      )}
      {links(
        "page.graph.changes.gone-links",
        found.gone.edges.map(([kind, start, end]) => ({ kind, start, end })),
      )}
      {found.gone.links > 0 && <p class="small">{t("page.graph.changes.gone-outside", { count: found.gone.links })}</p>}
      <div class="row wrap">
        <button type="button" onClick={drawChanges}>
          {t("page.graph.changes.draw")}
        </button>
        <button type="button" disabled={working.value > 0} onClick={() => void compare(true)}>
          {t("page.graph.changes.seen")}
        </button>
      </div>
    </section>
  );
}

function called(found: { new: { nodes: { key: string; label: string }[] } }, key: string): string {
  return nodes.value.has(key) ? labelOf(key) : (found.new.nodes.find((node) => node.key === key)?.label ?? key);
}

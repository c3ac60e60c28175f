// Find a node by what it is called, and open a case.

import { useEffect } from "preact/hooks";

import { session } from "../../session.ts";
import { source } from "../../cited.ts";
import { t } from "../../words.ts";
import type { Found } from "../calls.ts";
import { choices, graphs, hasAuthority, hasCase, status, typed, working } from "../desk.ts";
import { nodeWord } from "../wording.ts";
import { find, openCase, put, readGraphs } from "../doing.ts";
import { choose } from "../saving.ts";
import { assessments, graphName, nodes } from "../state.ts";
import { NodeButton, Sign } from "./sign.tsx";

export const FIND_ID = "graph-find";

export function Find() {
  const own = session.value;
  return (
    <section class="find">
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.value.trim()) void find(typed.value.trim());
        }}
      >
        <label for={FIND_ID}>{t("page.graph.find")}</label>
        <div class="joined">
          <input
            id={FIND_ID}
            type="search"
            dir="auto"
            autocomplete="off"
            spellcheck={false}
            maxLength={500}
            placeholder={t("page.graph.find.what")}
            aria-describedby="graph-find-hint"
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
          <button type="submit" disabled={working.value > 0 || !hasAuthority.value}>
            {t("page.graph.find.go")}
          </button>
        </div>
        <p id="graph-find-hint" class="quiet small">
          {t("page.graph.find.hint")}
        </p>
      </form>
      {choices.value && <Choices found={choices.value} />}
      {hasCase.value && own && !graphName.value && (
        <button type="button" onClick={() => void openCase(own.case)} disabled={working.value > 0}>
          {t("page.graph.open-case", { case: own.case })}
        </button>
      )}
      <WhichGraph />
    </section>
  );
}

function Choices({ found }: { found: Found }) {
  if (found.nodes.length === 0)
    return (
      <p role="status">
        {t("page.graph.find.none")} {!assessments.value && !graphName.value && t("page.graph.find.none-leads")}
      </p>
    );
  return (
    <div role="status">
      <p>{t("page.graph.find.several", { total: found.total })}</p>
      <ul class="list">
        {found.nodes.map((node) => (
          <li key={node.key}>
            {nodes.value.has(node.key) ? (
              <NodeButton node={node} extra={nodeWord(node.kind)} />
            ) : (
              <button
                type="button"
                class="node"
                title={node.key}
                onClick={() => {
                  put(node);
                  choices.value = null;
                  typed.value = "";
                }}
              >
                <Sign kind={node.kind} fact={node.fact} />
                <span dir="auto">{node.label}</span>
                <small dir="auto">
                  {nodeWord(node.kind)} · {node.provenance[0] ? source(node.provenance[0].source) : node.key}
                </small>
              </button>
            )}
          </li>
        ))}
      </ul>
      {found.more > 0 && <p class="warn">{t("page.graph.find.more", { more: found.more })}</p>}
    </div>
  );
}

/** The program's own graph, or one that was imported: they are never mixed on one canvas. */
function WhichGraph() {
  const named = graphName.value;
  useEffect(() => {
    if (named && graphs.value.length === 0) void readGraphs(); // a view has brought it
  }, [named]);
  if (graphs.value.length === 0)
    return (
      <details
        class="small"
        onToggle={(event) => event.currentTarget.open && hasAuthority.value && void readGraphs()}
      >
        <summary>{t("page.graph.imported")}</summary>
        <p class="quiet">{t("page.graph.imported.none")}</p>
      </details>
    );
  return (
    <label class="field">
      <span>{t("page.graph.imported.which")}</span>
      <select
        value={graphName.value}
        onChange={(event) => {
          choose(event.currentTarget.value);
          status.value = t("page.graph.imported.changed");
        }}
      >
        <option value="">{t("page.graph.imported.own")}</option>
        {graphs.value.map((graph) => (
          <option value={graph.name} disabled={!graph.askable} dir="auto">
            {graph.name} ({graph.nodes})
          </option>
        ))}
      </select>
    </label>
  );
}

// What is seen on the canvas as a table: nodes or links, sorted, chosen here and there alike.

import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import { lang, t } from "../../words.ts";
import { labelOf } from "../desk.ts";
import { linkWord, nodeWord } from "../wording.ts";
import { edgeSelected, edges, links, nodes, notes, selection, show, visible } from "../state.ts";
import { type Column, Grid, type How } from "./grid.tsx";
import { type LinkRow, type NodeRow, linkRow, nodeRow } from "./rows.ts";
import { Assessed, Sign } from "./sign.tsx";

export function TablePanel() {
  const what = useSignal<"nodes" | "links">("nodes");
  const only = useSignal(false);
  return (
    <div class="table">
      <div class="row" role="group" aria-label={t("page.graph.table.what")}>
        {(["nodes", "links"] as const).map((name) => (
          <button key={name} type="button" aria-pressed={what.value === name} onClick={() => (what.value = name)}>
            {t(`page.graph.table.${name}`, { count: name === "nodes" ? visible.value.nodes.size : visible.value.edges.size })}
          </button>
        ))}
        <label>
          <input type="checkbox" checked={only.value} onChange={(event) => (only.value = event.currentTarget.checked)} />
          {t("page.graph.table.chosen-only", { count: selection.value.size })}
        </label>
      </div>
      {what.value === "nodes" ? <Nodes only={only.value} /> : <Links only={only.value} />}
    </div>
  );
}

function dates<R extends NodeRow | LinkRow>(): Column<R>[] {
  return [
    { name: "from", title: t("graph.column.from"), value: (row) => row.from },
    { name: "to", title: t("graph.column.to"), value: (row) => row.to },
    { name: "sources", title: t("graph.column.source"), value: (row) => row.sources },
  ];
}

function Nodes({ only }: { only: boolean }) {
  const seen = visible.value;
  const wanted = only ? selection.value : seen.nodes;
  const rows = useMemo(() => {
    const found: NodeRow[] = [];
    for (const key of wanted) {
      const node = nodes.value.get(key);
      if (!node) continue;
      found.push(nodeRow(node, links.value.get(key) ?? [], seen.edges, notes.value.get(key), nodeWord(node.kind)));
    }
    return found;
  }, [wanted, seen, nodes.value, notes.value, lang.value]);
  const columns: Column<NodeRow>[] = [
    {
      name: "label",
      title: t("graph.column.label"),
      value: (row) => row.label,
      shown: (row) => (
        <>
          <Sign kind={nodes.value.get(row.key)?.kind ?? ""} fact={row.fact} /> {row.label} {!row.fact && <Assessed />}
        </>
      ),
    },
    { name: "kind", title: t("graph.column.kind"), value: (row) => row.kind },
    { name: "links", title: t("page.graph.table.degree"), value: (row) => row.links, number: true },
    ...dates<NodeRow>(),
  ];
  const choose = (keys: string[], how: How) => {
    if (how === "only") {
      selection.value = new Set(keys);
      return;
    }
    const next = new Set(selection.value);
    for (const key of keys) if (!next.delete(key)) next.add(key);
    selection.value = next;
  };
  return (
    <Grid
      name={t("page.graph.table.of-nodes")}
      columns={columns}
      rows={rows}
      keyOf={(row) => row.key}
      chosen={selection.value}
      onChoose={choose}
      onOpen={(row) => show([row.key])}
      sort="label"
    />
  );
}

function Links({ only }: { only: boolean }) {
  const chosen = only ? selection.value : null;
  const seen = visible.value.edges;
  const rows = useMemo(() => {
    const found: LinkRow[] = [];
    for (const id of seen) {
      const edge = edges.value.get(id);
      if (!edge || (chosen && !chosen.has(edge.start) && !chosen.has(edge.end))) continue;
      found.push(linkRow(edge, labelOf, linkWord(edge.kind)));
    }
    return found;
  }, [chosen, seen, edges.value, nodes.value, notes.value, lang.value]);
  const columns: Column<LinkRow>[] = [
    { name: "start", title: t("graph.column.start"), value: (row) => row.start },
    {
      name: "kind",
      title: t("graph.column.edge"),
      value: (row) => row.kind,
      shown: (row) => (
        <>
          {row.kind} {!row.fact && <Assessed />}
        </>
      ),
    },
    { name: "end", title: t("graph.column.end"), value: (row) => row.end },
    ...dates<LinkRow>(),
  ];
  return (
    <Grid
      name={t("page.graph.table.of-links")}
      columns={columns}
      rows={rows}
      keyOf={(row) => row.key}
      chosen={new Set(edgeSelected.value ? [edgeSelected.value] : [])}
      onChoose={(keys) => (edgeSelected.value = keys[0] ?? null)}
      onOpen={(row) => {
        const edge = edges.value.get(row.key);
        if (edge) show([edge.start, edge.end]);
      }}
      sort="from"
    />
  );
}

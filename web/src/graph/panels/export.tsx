// Which form what is seen is exported in.

import { useSignal } from "@preact/signals";

import { t } from "../../words.ts";
import { hasCase, offered, working } from "../desk.ts";
import { exportSeen, formats } from "../exporting.ts";
import { visible } from "../state.ts";

export function ExportPanel() {
  const title = useSignal("");
  const count = visible.value.nodes.size;
  const most = offered.value?.bounds["export_nodes"] ?? 5000;
  const why = !hasCase.value ? "page.graph.why.case" : count === 0 ? "page.graph.export.empty" : count > most ? "page.graph.export.many" : "";
  return (
    <div class="export">
      <p class="small">{t("page.graph.export.hint", { nodes: count, links: visible.value.edges.size })}</p>
      <label class="field">
        <span>{t("page.graph.export.title")}</span>
        <input type="text" dir="auto" maxLength={200} value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
      </label>
      {why && <p class="warn">{t(why, { most })}</p>}
      <div class="row wrap">
        {formats().map((format) => (
          <button
            key={format}
            type="button"
            disabled={!!why || working.value > 0}
            title={t(`page.graph.export.about.${format}`)}
            onClick={() => void exportSeen(format, title.value)}
          >
            {t(`page.graph.export.${format}`)}
          </button>
        ))}
      </div>
    </div>
  );
}

// Export of what is seen: made by the server, so that it bears its warning and stands on record.

import { t } from "../words.ts";
import { exported } from "./calls.ts";
import { act, answers, offered, status } from "./desk.ts";
import { asked, assessments, edges, graphName, notes, places, visible } from "./state.ts";

/** The forms of a file, as long as the server names none. */
const FORMATS = ["png", "svg", "csv", "graphml", "gexf", "ftm", "report"];

const MOST_PATHS = 50;

export const formats = (): readonly string[] => offered.value?.formats ?? FORMATS;

export async function exportSeen(format: string, title: string): Promise<void> {
  const seen = visible.peek();
  const at = places.peek();
  const keys = [...seen.nodes];
  const said = Object.fromEntries(
    [...notes.peek()]
      .filter(([key]) => seen.nodes.has(key))
      .map(([key, { label = "", note = "", mark = "" }]) => [key, { label, note, mark }]),
  );
  const file = await act(() =>
    exported({
      format,
      keys,
      edges: [...seen.edges].flatMap((id): [string, string, string][] => {
        const edge = edges.peek().get(id);
        return edge ? [[edge.kind, edge.start, edge.end]] : [];
      }),
      positions: Object.fromEntries(
        keys.flatMap((key): [string, [number, number]][] => {
          const place = at.get(key);
          return place ? [[key, [place.x, -place.y]]] : []; // the server's plane has up above
        }),
      ),
      paths: told(seen.nodes),
      asked: [...asked.peek()].filter((key) => seen.nodes.has(key)),
      title,
      notes: said,
      with_open_leads: assessments.peek(),
      graph: graphName.peek(),
    }),
  );
  if (!file) return;
  hand(file);
  status.value = t("page.graph.export.done", { file: file.name });
}

/** The paths of the answer that are seen whole: a report tells them in sentences. */
function told(seen: ReadonlySet<string>): string[][] {
  const rows = answers.peek().flatMap((answer) => answer.rows);
  const paths = rows.flatMap((row) => (row["sentence"] && Array.isArray(row["keys"]) ? [row["keys"]] : []));
  return paths.filter((keys) => keys.length > 1 && keys.every((key) => seen.has(key))).slice(0, MOST_PATHS);
}

function hand({ name, content }: { name: string; content: Blob }): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Both records side by side, differences marked to the character, each field with its finding and its bar of bits.

import { signed } from "./format.ts";
import { type Row, forAndAgainst, rowsOf, scaleOf } from "./rows.ts";
import type { Compared, Step } from "./shapes.ts";
import { Value, Values, bandWord } from "./values.tsx";
import { t } from "../words.ts";

const SIGNS: Record<string, string> = { agrees: "+", disagrees: "−" };

interface Shown {
  compared: Compared;
  band: string;
  left: string; // the heads of the two columns
  right: string;
}

export function Comparison({ compared, band, left, right }: Shown) {
  const place = scaleOf(compared.steps, compared.floors);
  const total = compared.steps.at(-1)?.end ?? 0;
  const sums = forAndAgainst(compared.steps);
  return (
    <div class="comparison">
      <table class="both">
        <thead>
          <tr>
            <th scope="col">{t("report.field")}</th>
            <th scope="col">{left}</th>
            <th scope="col">{right}</th>
            <th scope="col">{t("report.finding")}</th>
            <th scope="col" class="bars">
              <Floors compared={compared} place={place} />
            </th>
            <th scope="col" class="end">
              {t("report.bits")}
            </th>
            <th scope="col" class="end">
              {t("report.sum")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(compared.sides, compared.steps).map((row) => (
            <FieldRow key={row.side?.field ?? row.field} row={row} compared={compared} place={place} />
          ))}
          <tr class="sum">
            <th scope="row">{t("report.sum")}</th>
            <td colSpan={3}>
              {bandWord(band)} · {compared.worded.probability}
              {compared.worded.capped && (
                <span class="capped">
                  {" · "}
                  {t("report.capped")}: {compared.worded.capped}
                </span>
              )}
              <span class="quiet">
                {" · "}
                {t("page.parts.balance", { for: signed(sums.for), against: signed(sums.against), prior: signed(sums.prior) })}
              </span>
            </td>
            <td class="bars">
              <Bar compared={compared} place={place} from={0} to={total} kind="total" />
            </td>
            <td class="end num">{signed(total)}</td>
            <td />
          </tr>
        </tbody>
      </table>
      <p class="quiet silent">
        {compared.not_compared.length > 0 && (
          <>
            {t("report.not-compared")}: {compared.not_compared.map((item) => item.label).join(t("report.list-comma"))}
            {" · "}
          </>
        )}
        {t("report.bits-meaning")}
      </p>
    </div>
  );
}

interface RowShown {
  row: Row;
  compared: Compared;
  place: (millibits: number) => number;
}

function FieldRow({ row, compared, place }: RowShown) {
  const { side, step } = row;
  return (
    <tr class={row.verdict}>
      <th scope="row">{row.label}</th>
      {row.verdict === "prior" ? (
        <td colSpan={3} class="quiet">
          {step?.finding}
        </td>
      ) : (
        <>
          <td>
            {side?.left.length ? (
              <Values values={side.left} more={side.left_more} field={row.field} />
            ) : (
              <Held text={step?.left} />
            )}
          </td>
          <td>
            {side?.right.length ? (
              <Values values={side.right} more={side.right_more} field={row.field} />
            ) : (
              <Held text={step?.right} />
            )}
          </td>
          <td class="finding">
            {step ? <Finding step={step} verdict={row.verdict} /> : <span class="quiet">{side?.verdict_label}</span>}
          </td>
        </>
      )}
      <td class="bars">
        {step && <Bar compared={compared} place={place} from={step.start} to={step.end} kind={row.verdict} />}
      </td>
      <td class="end num">{step && signed(step.millibits)}</td>
      <td class="end num quiet">{step && signed(step.end)}</td>
    </tr>
  );
}

/** What a record does not state but its number holds stands as it was compared. */
function Held({ text }: { text: string | undefined }) {
  return text ? <Value text={text} /> : <span class="quiet">–</span>;
}

function Finding({ step, verdict }: { step: Step; verdict: string }) {
  const sign = SIGNS[verdict];
  const told = (
    <>
      {sign && <span class="sign">{sign} </span>}
      {step.finding}
    </>
  );
  if (!step.note) return told;
  return (
    <details>
      <summary>{told}</summary>
      <small class="quiet">
        <Value text={step.note} />
      </small>
    </details>
  );
}

interface BarShown {
  compared: Compared;
  place: (millibits: number) => number;
  from: number;
  to: number;
  kind: string;
}

/** One bar on the common scale. The numbers stand beside it in the table, so that it is drawing only. */
function Bar({ compared, place, from, to, kind }: BarShown) {
  const [first, last] = [place(Math.min(from, to)), place(Math.max(from, to))];
  return (
    <svg aria-hidden="true">
      <Lines compared={compared} place={place} />
      <rect class={`bar ${kind}`} x={`${first}%`} width={`${Math.max(last - first, 0.8)}%`} y="6" height="12" />
    </svg>
  );
}

/** Zero, and where the bands begin. */
function Lines({ compared, place }: { compared: Compared; place: (millibits: number) => number }) {
  const line = (kind: string, millibits: number) => (
    <line key={kind} class={kind} x1={`${place(millibits)}%`} x2={`${place(millibits)}%`} y1="0" y2="100%" />
  );
  return (
    <>
      {compared.floors.map((floor) => line(`floor ${floor.band}`, floor.millibits))}
      {line("axis", 0)}
    </>
  );
}

/** Where the bands begin, above the bars; said once for who cannot see the lines. */
function Floors({ compared, place }: { compared: Compared; place: (millibits: number) => number }) {
  return (
    <>
      <span class="unseen">{t("page.parts.bars")}</span>
      <svg class="scale" role="img" aria-label={scaleText(compared)}>
        <title>{scaleText(compared)}</title>
        <Lines compared={compared} place={place} />
      </svg>
    </>
  );
}

function scaleText(compared: Compared): string {
  return compared.floors
    .map((floor) => `${t("report.floor", { band: floor.label })}: ${signed(floor.millibits)}`)
    .join("; ");
}

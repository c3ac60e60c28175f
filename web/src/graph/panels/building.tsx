// A building as its floors and units, with who of the graph is in them.

import { source } from "../../cited.ts";
import { t } from "../../words.ts";
import type { Building, Resident, Unit } from "../calls.ts";
import { building, days, hasCase, working } from "../desk.ts";
import { linkWord } from "../wording.ts";
import { drawIn, lookInto } from "../doing.ts";
import { add, nodes, selection, show } from "../state.ts";
import { Assessed, Sign } from "./sign.tsx";

export function BuildingPanel() {
  const found = building.value;
  const place = [...selection.value].map((key) => nodes.value.get(key)).find((node) => node?.kind === "Address" || node?.kind === "RentalUnit");
  return (
    <div class="building">
      {place && !(found && isIn(found, place.key)) && (
        <p>
          <button type="button" disabled={!hasCase.value || working.value > 0} onClick={() => void lookInto(place.key)}>
            {t("page.graph.building.of")} <span dir="auto">{place.label}</span>
          </button>{" "}
          {!hasCase.value && <small class="quiet">{t("page.graph.why.case")}</small>}
        </p>
      )}
      {!found && !place && <p class="quiet">{t("page.graph.building.hint")}</p>}
      {found && <Floors found={found} />}
    </div>
  );
}

const isIn = (found: Building, key: string): boolean =>
  found.address.key === key || found.floors.some((floor) => floor.units.some((unit) => unit.key === key));

function Floors({ found }: { found: Building }) {
  const widest = Math.max(1, ...found.floors.map((floor) => floor.units.length));
  return (
    <>
      <h3 dir="auto">{found.address.label}</h3>
      {found.floors.length === 0 && <p>{t("page.graph.building.empty")}</p>}
      <table class="floors" aria-label={t("page.graph.building.title", { address: found.address.label })}>
        <tbody>
          {found.floors.map((floor) => (
            <tr key={floor.floor ?? ""}>
              <th scope="row">{floor.floor === null ? t("page.graph.building.no-floor") : t("page.graph.building.floor", { floor: floor.floor })}</th>
              {floor.units.map((unit) => (
                <td key={unit.key} class={selection.value.has(unit.key) ? "chosen" : undefined}>
                  <InUnit unit={unit} found={found} />
                </td>
              ))}
              {floor.units.length < widest && <td class="none" colSpan={widest - floor.units.length} />}
            </tr>
          ))}
        </tbody>
      </table>
      {found.elsewhere.length > 0 && (
        <section class="elsewhere">
          <h4>{t("page.graph.building.elsewhere")}</h4>
          <People people={found.elsewhere} found={found} />
        </section>
      )}
    </>
  );
}

/** On the canvas comes what is chosen of the building, with its links to what lies there. */
function choose(found: Building, keys: string[]): void {
  const wanted = new Set(keys);
  const have = (key: string) => wanted.has(key) || nodes.value.has(key);
  add({
    nodes: found.nodes.filter((node) => wanted.has(node.key)),
    edges: found.edges.filter((edge) => have(edge.start) && have(edge.end) && (wanted.has(edge.start) || wanted.has(edge.end))),
    truncated: false,
  });
  selection.value = new Set(keys);
  show(keys);
}

function InUnit({ unit, found }: { unit: Unit; found: Building }) {
  return (
    <>
      <button type="button" class="node" title={unit.label} onClick={() => choose(found, [unit.key, ...unit.people.map((one) => one.key)])}>
        <Sign kind="RentalUnit" fact={unit.fact} />
        <strong dir="auto">{unit.unit || unit.label}</strong>
      </button>
      <People people={unit.people} found={found} />
      <button type="button" class="small" disabled={!hasCase.value || working.value > 0} onClick={() => void drawIn(unit.key)}>
        {t("page.graph.draw-in")}
      </button>
    </>
  );
}

function People({ people, found }: { people: Resident[]; found: Building }) {
  return (
    <ul class="list">
      {people.map((person) => (
        <li key={`${person.key} ${person.edge} ${person.from}`}>
          <Person person={person} found={found} />
        </li>
      ))}
    </ul>
  );
}

function Person({ person, found }: { person: Resident; found: Building }) {
  return (
    <button type="button" class="node" title={source(person.source)} aria-pressed={selection.value.has(person.key)} onClick={() => choose(found, [person.key])}>
      <Sign kind={person.kind} fact={person.fact} />
      <span dir="auto">{person.label}</span>
      {!person.fact && <Assessed />}
      <small>
        {linkWord(person.edge)} {days(person.from, person.to)}
      </small>
    </button>
  );
}

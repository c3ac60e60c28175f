// A graph like the program's own, made up and always the same: units in buildings, stays, telephones, documents, lists.

import type { Answer, GEdge, GNode, Stated } from "../src/graph/model.ts";

function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const NAMES = ["阿不都拉·买买提", "王建国", "محمد الأحمد", "Ahmad Karimov", "María Fernández López", "Dilnoza Yusupova"];

function stated(fact: boolean, from: string | null = null, to: string | null = null): Stated[] {
  return [{ source: "made", fact, from, to, note: "" }];
}

/** `count` nodes and about 1.4 times as many links. */
export function made(count: number): Answer {
  const next = chance(7);
  const nodes: GNode[] = [];
  const edges: Omit<GEdge, "id">[] = [];
  const put = (kind: string, label: string, fact = true): string => {
    const key = `${kind}:${nodes.length}`;
    nodes.push({ key, kind, label, fact, provenance: stated(fact) });
    return key;
  };
  const join = (kind: string, start: string, end: string, fact = true, from: string | null = null): void => {
    edges.push({ kind, start, end, fact, provenance: stated(fact, from, from && from.replace("20", "20")) });
  };
  const list = put("List", "OFAC SDN");
  const phones: string[] = [];
  while (nodes.length < count - 8) {
    const address = put("Address", `西街 ${nodes.length} 号`);
    const units = 1 + Math.floor(next() * 4);
    for (let unit = 0; unit < units && nodes.length < count - 8; unit += 1) {
      const room = put("RentalUnit", `${unit + 1}0${1 + Math.floor(next() * 4)} 室`);
      join("unit-in", room, address);
      const people = 1 + Math.floor(next() * 3);
      for (let person = 0; person < people && nodes.length < count - 8; person += 1) {
        const fact = next() < 0.6;
        const name = NAMES[Math.floor(next() * NAMES.length)] as string;
        const subject = put(next() < 0.7 ? "Subject" : "Contact", `${name} ${nodes.length}`, fact);
        const day = `20${18 + Math.floor(next() * 8)}-0${1 + Math.floor(next() * 9)}-11`;
        join("stayed-at", subject, room, fact, day);
        const shared = phones[Math.floor(next() * phones.length)];
        if (shared && next() < 0.25) join("uses-phone", subject, shared, fact);
        else {
          const phone = put("Phone", `138 ${1000 + nodes.length} 8000`);
          phones.push(phone);
          join("uses-phone", subject, phone, fact);
        }
        if (next() < 0.4) join("holds-document", subject, put("Document", `E${10000000 + nodes.length}`), fact);
        if (next() < 0.15) {
          const entry = put("Entry", `${name} (QDi.${nodes.length})`);
          join("named-in", entry, subject, false);
          join("linked-to", entry, subject, false);
          join("listed-on", entry, list);
        }
      }
    }
  }
  while (nodes.length < count) put("Email", `person${nodes.length}@example.org`);
  return { nodes, edges, truncated: false };
}

/** `count` new telephones of a node. */
export function neighboursOf(key: string, count: number, time: number): Answer {
  const nodes = Array.from({ length: count }, (_, at) => ({
    key: `Phone:new:${key}:${time}:${at}`,
    kind: "Phone",
    label: `139 0000 ${at}`,
    fact: true,
    provenance: stated(true),
  }));
  const edges = nodes.map((node) => ({ kind: "uses-phone", start: key, end: node.key, fact: true, provenance: stated(true) }));
  return { nodes, edges, truncated: false };
}

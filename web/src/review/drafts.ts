// What was typed about leads and not sent yet: kept by lead and act in memory, until it is sent or thrown away.

export type Draft = Readonly<Record<string, string | boolean>>;
export type Drafts = ReadonlyMap<string, Draft>;

/** Fields that are filled in by themselves and are no text to lose. */
const BY_ITSELF = new Set(["name", "to"]);

export function draftKey(lead: string, act: string): string {
  return `${lead}/${act}`;
}

export function typed(drafts: Drafts, key: string, change: Draft): Drafts {
  return new Map(drafts).set(key, { ...drafts.get(key), ...change });
}

export function without(drafts: Drafts, key: string): Drafts {
  const rest = new Map(drafts);
  rest.delete(key);
  return rest;
}

/** Whether a draft holds something that would be missed. */
export function isUnsent(draft: Draft | undefined): boolean {
  return Object.entries(draft ?? {}).some(([field, value]) => {
    if (BY_ITSELF.has(field)) return false;
    return typeof value === "boolean" ? value : value.trim() !== "";
  });
}

/** The ids of the leads with something unsent. */
export function unsentLeads(drafts: Drafts): string[] {
  const leads = [...drafts].filter(([, draft]) => isUnsent(draft)).map(([key]) => key.split("/")[0] ?? "");
  return [...new Set(leads)];
}

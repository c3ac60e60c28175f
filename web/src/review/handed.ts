// A lead that another place of the page hands to the review.

import { signal } from "@preact/signals";

export const handed = signal<string | null>(null);

export function leadToOpen(lead: string): void {
  handed.value = lead;
  location.hash = "#review";
}

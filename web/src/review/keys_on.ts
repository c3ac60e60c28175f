// Keys that act alone can be switched off, for who speaks to the machine. The choice says nothing about anybody.

import { signal } from "@preact/signals";

export const keysOn = signal(localStorage.getItem("keys") !== "off");

export function setKeys(on: boolean): void {
  keysOn.value = on;
  localStorage.setItem("keys", on ? "on" : "off");
}

// What can be done from everywhere on the page.

import { type Action, offer } from "./actions.ts";
import { signOut } from "./api.ts";
import { lang, speak } from "./words.ts";

const PAGE = "page.palette.group.page";

const go = (place: string, key: string): Action => ({
  id: `go.${place}`,
  words: `page.palette.go.${place}`,
  group: PAGE,
  keys: `Ctrl+Alt+${key}`,
  run: () => (location.hash = `#${place}`),
});

export function offerFrame(): () => void {
  return offer(
    go("ask", "1"),
    go("review", "2"),
    go("graph", "3"),
    go("watch", "4"),
    { id: "language", words: "page.palette.language", group: PAGE, run: () => void speak(lang.value === "en" ? "zh" : "en") },
    { id: "sign-out", words: "page.sign-out", group: PAGE, run: () => void signOut().then(() => location.reload()) },
  );
}

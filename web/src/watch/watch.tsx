import { t } from "../words.ts";

export function Watch() {
  return <h1>{t("page.place.watch")}</h1>;
}

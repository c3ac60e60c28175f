import { t } from "../words.ts";

export function GraphBrowser() {
  return <h1>{t("page.place.graph")}</h1>;
}

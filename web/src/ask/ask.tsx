import { t } from "../words.ts";

export function Ask() {
  return <h1>{t("page.place.ask")}</h1>;
}

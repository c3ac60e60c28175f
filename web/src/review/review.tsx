import { t } from "../words.ts";

export function Review() {
  return <h1>{t("page.place.review")}</h1>;
}

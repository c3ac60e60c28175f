// One person against the lists: the fields on the left, on the right what is read out.

import { AskForm } from "./form.tsx";
import { Results } from "./results.tsx";
import { Toast } from "../parts/said.tsx";
import { t } from "../words.ts";
import "../parts/parts.css";
import "./ask.css";

export function Ask() {
  return (
    <div class="ask">
      <h1 class="unseen">{t("page.place.ask")}</h1>
      <AskForm />
      <Results />
      <Toast />
    </div>
  );
}

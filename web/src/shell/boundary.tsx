// A place that fails says so and can be tried again; the others go on. What it failed on could be a person's: the error's
// kind is told, never its text.

import { Component, type ComponentChildren } from "preact";

import { t } from "../words.ts";

export class Boundary extends Component<{ children: ComponentChildren }, { kind: string }> {
  override state = { kind: "" };

  static override getDerivedStateFromError(error: unknown): { kind: string } {
    return { kind: error instanceof Error ? error.name : "Error" };
  }

  override render() {
    if (!this.state.kind) return this.props.children;
    return (
      <div role="alert" class="broken">
        <p>{t("page.broken", { kind: this.state.kind })}</p>
        <button type="button" onClick={() => this.setState({ kind: "" })}>
          {t("page.broken.again")}
        </button>
      </div>
    );
  }
}

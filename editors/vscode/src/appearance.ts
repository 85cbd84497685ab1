/** How the state of things looks in the status bar. Knows no VS Code. */

/** The server's `didChangeStatus`: what the model is doing. */
export interface ModelStatus {
  readonly busy: boolean;
  readonly kind: "Normal" | "Warning" | "Error" | "Inactive";
  readonly message: string;
}

/** What the status bar tells of. */
export interface Facts {
  /** Of the server's process. */
  readonly server: "absent" | "starting" | "running" | "stopped";
  /** Why there is no server, or no longer. */
  readonly problem?: string;
  /** What the server has said of its model. */
  readonly model?: ModelStatus;
  /** How much of the model is loaded or fetched. */
  readonly percent?: number;
  /** The user waits for a suggestion or a docstring. */
  readonly isThinking: boolean;
  /** Why there are no suggestions where the user is. */
  readonly off?: string;
}

export type State = "ready" | "thinking" | "loading" | "off" | "problem";

/** What is to be seen. */
export interface Appearance {
  readonly state: State;
  /** With icons, as VS Code writes them. */
  readonly text: string;
  /** One line; what is the matter. */
  readonly message: string;
}

const ICONS: Record<State, string> = {
  ready: "$(sparkle)",
  thinking: "$(loading~spin)",
  loading: "$(sync~spin)",
  off: "$(circle-slash)",
  problem: "$(warning)",
};

/** The most important of `facts`, for the eye. */
export function appearanceOf(facts: Facts): Appearance {
  const state = stateOf(facts);
  const percent = state === "loading" && facts.percent !== undefined ? ` ${facts.percent}%` : "";
  return { state, text: `${ICONS[state]} codegen${percent}`, message: messageOf(facts, state) };
}

function stateOf(facts: Facts): State {
  if (facts.server === "absent" || facts.server === "stopped") {
    return "problem";
  }
  if (facts.server === "starting" || facts.model === undefined || facts.model.busy) {
    return "loading";
  }
  if (facts.model.kind !== "Normal") {
    return facts.model.kind === "Inactive" ? "loading" : "problem";
  }
  if (facts.off !== undefined) {
    return "off";
  }
  return facts.isThinking ? "thinking" : "ready";
}

function messageOf(facts: Facts, state: State): string {
  switch (state) {
    case "ready":
      return "ready";
    case "thinking":
      return "thinking";
    case "off":
      return facts.off ?? "";
    case "loading":
      return facts.model?.message || "the server starts";
    case "problem":
      return facts.problem ?? facts.model?.message ?? "the server has stopped";
  }
}

/** Asks the user whether to install the server, and what as. */

import { homedir } from "node:os";
import { commands, window } from "vscode";

import { asRequirement, problemWith } from "./requirement";
import { choose, SECTION, setting } from "./settings";

const INSTALL = "Install";
const SETTINGS = "Open Settings";
const REQUIREMENT = "server.requirement";

/**
 * What the user wants to have installed, as pip takes it: what was installed before, or else what is
 * asked for. Undefined where nothing is wanted. `isMissing` tells that there is no server.
 */
export async function askRequirement(isMissing: boolean): Promise<string | undefined> {
  const known = knownRequirement();
  const question = questionOf(known, isMissing);
  const chosen = await window.showInformationMessage(question, INSTALL, SETTINGS);
  if (chosen === SETTINGS) {
    await commands.executeCommand("workbench.action.openSettings", `${SECTION}.server`);
  }
  const named = chosen === INSTALL ? known || (await askWhat()) : undefined;
  return named === undefined ? undefined : asRequirement(named, homedir());
}

/** Keeps what was installed in the user's settings, so that another time need not ask. */
export async function keepRequirement(requirement: string): Promise<void> {
  await choose(REQUIREMENT, requirement);
}

/** What the settings name, if that can be installed; else "". */
function knownRequirement(): string {
  const known = setting(REQUIREMENT, "");
  return problemWith(known, homedir()) === undefined ? known : "";
}

function questionOf(known: string, isMissing: boolean): string {
  const why = isMissing
    ? "codegen-lsp was found neither in the workspace's .venv nor on PATH."
    : "codegen-lsp is there already.";
  const what = known === "" ? "it" : `"${known}"`;
  return `${why} Install ${what} into an environment of its own? It takes 2 GB of disk or more.`;
}

/** No name is offered: what stands behind it on a package index could be a stranger's. */
function askWhat(): Thenable<string | undefined> {
  return window.showInputBox({
    title: "Install codegen-lsp",
    prompt: "The folder of codegen-lsp's source, or a wheel of it",
    ignoreFocusOut: true,
    validateInput: (typed) => problemWith(typed, homedir()),
  });
}

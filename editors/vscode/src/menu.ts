/** The menu of the status bar item. */

import { commands, type QuickPickItem, window } from "vscode";

import { modelNames } from "./pages";
import type { Server } from "./server";
import { choose, setting } from "./settings";
import type { Status } from "./status";
import { currentDocument, type Switches } from "./switches";

/** An entry, and what happens when it is chosen. */
interface Entry extends QuickPickItem {
  readonly run: () => PromiseLike<unknown>;
}

const EAGERNESS = ["quiet", "balanced", "eager"];
const OTHER_MODEL = "Another ...";

/** Shows the menu, and does what the user chooses. */
export async function showMenu(server: Server, status: Status, switches: Switches): Promise<void> {
  const entries = menuEntries(server, status, switches);
  const options = { title: "codegen-lsp", placeHolder: status.appearance.message };
  const chosen = await window.showQuickPick(entries, options);
  await chosen?.run();
}

/** What the menu offers here and now. */
export function menuEntries(server: Server, status: Status, switches: Switches): Entry[] {
  return [
    ...remedies(server, status),
    ...switchEntries(switches),
    entry("sparkle", "Model", () => chooseModel(server), setting("model", "")),
    entry("dashboard", "Eagerness", chooseEagerness, setting("eagerness", "")),
    command("question", "Explain the Last Silence", "explain"),
    command("graph", "Statistics", "statistics"),
    command("output", "Show Log", "showLog"),
    command("debug-restart", "Restart the Server", "restart"),
  ];
}

function remedies(server: Server, { known }: Status): Entry[] {
  if (known.server === "absent") {
    return [entry("cloud-download", "Install the Server", () => server.offerInstallation())];
  }
  if (known.model?.kind === "Warning") {
    const fetch = (): PromiseLike<unknown> => commands.executeCommand("codegen.fetchModel");
    return [entry("cloud-download", "Fetch the Model", fetch, known.model.message)];
  }
  return [];
}

function switchEntries(switches: Switches): Entry[] {
  const document = currentDocument();
  const entries = [
    entry("power", `${verb(!switches.isAutomatic())} Everywhere`, () => switches.switchAutomatic()),
  ];
  if (document !== undefined) {
    const { languageId } = document;
    const isOn = !switches.isLanguageOff(languageId);
    entries.push(
      entry("code", `${verb(!isOn)} for ${languageId}`, () => switches.switchLanguage(languageId)),
      entry("file", `${verb(switches.isFileOff(document))} for This File`, () =>
        commands.executeCommand("codegen-lsp.toggleFile"),
      ),
    );
  }
  return entries;
}

async function chooseModel(server: Server): Promise<void> {
  const names = server.program === undefined ? [] : await modelNames(server.program);
  const options = { title: "Model", placeHolder: setting("model", "") };
  const chosen = await window.showQuickPick([...names, OTHER_MODEL], options);
  const prompt = "A hub id, or the absolute path of a model's folder";
  const model = chosen === OTHER_MODEL ? await window.showInputBox({ prompt }) : chosen;
  if (model) {
    await choose("model", model);
  }
}

async function chooseEagerness(): Promise<void> {
  const options = { title: "Eagerness", placeHolder: setting("eagerness", "") };
  const chosen = await window.showQuickPick(EAGERNESS, options);
  if (chosen !== undefined) {
    await choose("eagerness", chosen);
  }
}

function verb(isOff: boolean): string {
  return isOff ? "Enable" : "Disable";
}

function command(icon: string, label: string, name: string): Entry {
  return entry(icon, label, () => commands.executeCommand(`codegen-lsp.${name}`));
}

function entry(
  icon: string,
  label: string,
  run: () => PromiseLike<unknown>,
  description?: string,
): Entry {
  return { label: `$(${icon}) ${label}`, run, ...(description ? { description } : {}) };
}

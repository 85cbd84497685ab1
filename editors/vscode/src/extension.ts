/** The extension: what it is made of, and its commands. */

import { commands, type ExtensionContext, window, workspace } from "vscode";

import { menuEntries, showMenu } from "./menu";
import { explain, showStatistics } from "./pages";
import { PartialAcceptance } from "./partial";
import { Server } from "./server";
import { SECTION, serverSettings } from "./settings";
import { Status } from "./status";
import { currentDocument, Switches } from "./switches";

const INLINE = "editor.action.inlineSuggest";
const GREETED = "greeted";
const WALKTHROUGH = "codegen-lsp.codegen-lsp#start";

/** What other extensions, and tests, may ask. */
export interface Api {
  readonly status: Status;
  readonly server: Server;
  /** Labels of the menu's entries. */
  menu(): string[];
}

let running: Server | undefined;

/** VS Code has started. */
export function activate(context: ExtensionContext): Api {
  const log = window.createOutputChannel("codegen-lsp", { log: true });
  const status = new Status();
  const switches = new Switches(context.workspaceState);
  const partial = new PartialAcceptance();
  const server = new Server(context, {
    log,
    status,
    switches,
    partial,
    settings: serverSettings(context),
    version: context.extension.packageJSON.version,
  });
  running = server;
  const handlers: Record<string, () => unknown> = {
    menu: () => showMenu(server, status, switches),
    trigger: () => commands.executeCommand(`${INLINE}.trigger`),
    acceptWord: () => partial.run(`${INLINE}.acceptNextWord`, notify),
    acceptLine: () => partial.run(`${INLINE}.acceptNextLine`, notify),
    next: () => commands.executeCommand(`${INLINE}.showNext`),
    previous: () => commands.executeCommand(`${INLINE}.showPrevious`),
    generateDocstring,
    toggleFile: async () => {
      const document = currentDocument();
      if (document !== undefined) {
        await switches.switchFile(document);
        lookAround();
      }
    },
    explain: () => (server.client?.isRunning() ? explain(server.client) : tellState()),
    statistics: () => (server.program ? showStatistics(server.program) : tellState()),
    install: () => server.offerInstallation(),
    showLog: () => log.show(),
    restart: () => server.restart(),
  };

  async function notify(method: string, params: object): Promise<void> {
    await server.client?.sendNotification(method, params);
  }

  /** There is no server to ask. */
  async function tellState(): Promise<void> {
    await window.showInformationMessage(`codegen-lsp: ${status.appearance.message}`);
  }

  function lookAround(): void {
    status.change({ off: switches.off(currentDocument()) });
  }

  context.subscriptions.push(
    log,
    status,
    ...Object.entries(handlers).map(([name, run]) =>
      commands.registerCommand(`${SECTION}.${name}`, run),
    ),
    window.onDidChangeActiveTextEditor(lookAround),
    workspace.onDidGrantWorkspaceTrust(() => server.restart()),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.server.path`)) {
        void server.restart();
      } else if (event.affectsConfiguration(SECTION)) {
        void server.tellSettings();
        lookAround();
      }
    }),
  );
  lookAround();
  void server.restart();
  void greet(context);
  return {
    status,
    server,
    menu: () => menuEntries(server, status, switches).map((each) => each.label),
  };
}

/** VS Code ends: so does the server, in an orderly manner, and an installation. */
export async function deactivate(): Promise<void> {
  await running?.end();
}

/** Asks for the code action at the cursor; of several definitions around it the user chooses. */
async function generateDocstring(): Promise<void> {
  await commands.executeCommand("editor.action.codeAction", {
    kind: "refactor.rewrite.docstring",
    apply: "ifSingle",
  });
}

/** Opens the walkthrough once, where nobody is about to type and nobody has forbidden it. */
async function greet(context: ExtensionContext): Promise<void> {
  const isWelcome = workspace
    .getConfiguration("workbench.welcomePage.walkthroughs")
    .get("openOnInstall", true);
  const isBusy = window.activeTextEditor !== undefined;
  if (isWelcome && !isBusy && context.globalState.get(GREETED) !== true) {
    await context.globalState.update(GREETED, true);
    await commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, false);
  }
}

/** Starts, restarts and stops the server, and installs it where there is none. */

import { homedir } from "node:os";
import * as path from "node:path";
import { commands, type ExtensionContext, window, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import type { Surroundings } from "./client";
import { findServer, type Program } from "./discovery";
import { install } from "./install";
import { chosenSettings, SECTION, setting } from "./settings";

const INSTALL = "Install";
const SETTINGS = "Open Settings";

/** At most one server, and the client that speaks to it. */
export class Server {
  /** The client of a server that has been started. */
  client?: LanguageClient;
  /** What was started. */
  program?: Program;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: ExtensionContext,
    private readonly surroundings: Surroundings,
  ) {}

  /** Starts the server anew, after whatever is under way; without one, offers to install it. */
  restart(): Promise<void> {
    this.work = this.work.then(() => this.startAnew());
    return this.work;
  }

  /** Tells the server the settings as they are now. */
  async tellSettings(): Promise<void> {
    const settings = { [SECTION]: chosenSettings(this.surroundings.settings) };
    await this.client?.sendNotification("workspace/didChangeConfiguration", { settings });
  }

  /** Asks whether to install the server, and does it. */
  async offerInstallation(): Promise<void> {
    const requirement = setting("server.requirement", SECTION);
    const question =
      `codegen-lsp was found neither in the workspace's .venv nor on PATH. Install ` +
      `"${requirement}" into an environment of its own? It takes about 2 GB of disk.`;
    const chosen = await window.showInformationMessage(question, INSTALL, SETTINGS);
    if (chosen === SETTINGS) {
      await commands.executeCommand("workbench.action.openSettings", `${SECTION}.server`);
    }
    if (chosen !== INSTALL) {
      return;
    }
    this.surroundings.log.show(true);
    if (await install(this.ownEnvironment, requirement, this.surroundings.log)) {
      await this.restart();
    }
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.dispose();
  }

  private get ownEnvironment(): string {
    return path.join(this.context.globalStorageUri.fsPath, "server");
  }

  private async startAnew(): Promise<void> {
    const { status, log } = this.surroundings;
    await this.stop();
    status.change({ server: "starting", model: undefined, problem: undefined, percent: undefined });
    try {
      this.program = await this.find();
      if (this.program === undefined) {
        status.change({ server: "absent", problem: "the server is not installed" });
        void this.offerInstallation();
        return;
      }
      log.info(`the server is ${this.program.path} (${this.program.origin})`);
      await this.start(this.program);
    } catch (error) {
      const problem = (error as Error).message;
      log.error(problem);
      status.change({ server: "stopped", problem });
    }
  }

  private find(): Promise<Program | undefined> {
    const folders = workspace.isTrusted ? (workspace.workspaceFolders ?? []) : [];
    return findServer({
      configured: setting("server.path", ""),
      folders: folders.map((each) => each.uri.fsPath),
      searchPath: process.env["PATH"] ?? "",
      own: this.ownEnvironment,
      home: homedir(),
    });
  }

  private async start(program: Program): Promise<void> {
    const { status } = this.surroundings;
    // Most of the code is behind this, and VS Code waits for no part of it when it starts.
    const { createClient } = await import("./client.js");
    const client = createClient(program, this.surroundings, (server) => {
      if (this.client === client) {
        status.change({ server, model: undefined, percent: undefined });
      }
    });
    this.client = client;
    await client.start();
  }
}

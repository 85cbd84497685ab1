/** Starts, restarts and stops the server, and installs it where there is none. */

import { homedir } from "node:os";
import * as path from "node:path";
import { CancellationTokenSource, type ExtensionContext, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import type { Surroundings } from "./client";
import { findServer, type Program } from "./discovery";
import { install } from "./install";
import { askRequirement, keepRequirement } from "./offer";
import { chosenSettings, SECTION, setting } from "./settings";

/** At most one server, and the client that speaks to it. */
export class Server {
  /** The client of a server that has been started. */
  client?: LanguageClient;
  /** What was started. */
  program?: Program;
  private work: Promise<unknown> = Promise.resolve();
  private readonly ending = new CancellationTokenSource();
  private isOffering = false;

  constructor(
    private readonly context: ExtensionContext,
    private readonly surroundings: Surroundings,
  ) {}

  /** Starts the server anew, after whatever is under way; without one, offers to install it. */
  restart(): Promise<void> {
    // At once: a program that never answers would keep its turn.
    const stopped = this.stop();
    return this.inTurn(async () => {
      await stopped;
      await this.startAnew();
    });
  }

  /** Tells the server, if it runs or as soon as it does, the settings as they are now. */
  async tellSettings(): Promise<void> {
    if (!this.client?.needsStop()) {
      return;
    }
    const settings = { [SECTION]: chosenSettings(this.surroundings.settings) };
    try {
      await this.client.sendNotification("workspace/didChangeConfiguration", { settings });
    } catch (error) {
      this.surroundings.log.warn((error as Error).message);
    }
  }

  /** Asks whether to install the server and what as, and does it. */
  async offerInstallation(): Promise<void> {
    const requirement = await askRequirement(this.program === undefined);
    if (requirement === undefined) {
      return;
    }
    this.surroundings.log.show(true);
    if (await this.inTurn(() => this.installNow(requirement))) {
      await keepRequirement(requirement);
    }
  }

  /** Ends the server; one that does not answer is killed. */
  async stop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      this.surroundings.log.warn((error as Error).message);
    }
  }

  /** Ends the server and an installation for good: VS Code ends. */
  async end(): Promise<void> {
    this.ending.cancel();
    await this.stop();
    await this.work;
  }

  private get ownEnvironment(): string {
    return path.join(this.context.globalStorageUri.fsPath, "server");
  }

  /** Runs `task` after whatever is under way. */
  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.work.then(task);
    this.work = done.catch(() => undefined); // whoever asked for it is told
    return done;
  }

  private async installNow(requirement: string): Promise<boolean> {
    const { program } = this;
    const { status, log } = this.surroundings;
    if (program !== undefined) {
      // It may run from the environment that is replaced.
      await this.stop();
      status.change({ server: "stopped", problem: "the server is being installed" });
    }
    const isInstalled = await install(this.ownEnvironment, requirement, log, this.ending.token);
    if (isInstalled || program !== undefined) {
      await this.startAnew();
    }
    return isInstalled;
  }

  private async startAnew(): Promise<void> {
    const { status, log } = this.surroundings;
    await this.stop();
    status.change({ server: "starting", model: undefined, problem: undefined, percent: undefined });
    try {
      this.program = await this.find();
      if (this.program === undefined) {
        status.change({ server: "absent", problem: "the server is not installed" });
        void this.offerUnlessOffered();
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

  /** However often there is no server, one question at a time is enough. */
  private async offerUnlessOffered(): Promise<void> {
    if (this.isOffering) {
      return;
    }
    this.isOffering = true;
    try {
      await this.offerInstallation();
    } catch (error) {
      this.surroundings.log.error((error as Error).message);
    } finally {
      this.isOffering = false;
    }
  }

  private find(): Promise<Program | undefined> {
    const folders = workspace.isTrusted ? (workspace.workspaceFolders ?? []) : [];
    return findServer({
      configured: setting("server.path", ""),
      folders: folders.filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath),
      searchPath: process.env["PATH"] ?? "",
      own: this.ownEnvironment,
      home: homedir(),
    });
  }

  private async start(program: Program): Promise<void> {
    const { status } = this.surroundings;
    // Most of the code is behind this, and VS Code waits for no part of it when it starts.
    const { createClient } = await import("./client.js");
    if (this.ending.token.isCancellationRequested) {
      return;
    }
    const client = createClient(program, this.surroundings, (server) => {
      if (this.client === client) {
        status.change({ server, model: undefined, percent: undefined });
      }
    });
    this.client = client;
    await client.start();
  }
}

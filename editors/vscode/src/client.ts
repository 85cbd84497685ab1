/** The language client, and what is special about ours. */

import {
  CancellationError,
  type CancellationToken,
  type LogOutputChannel,
  env,
  version,
  window,
  workspace,
} from "vscode";
import {
  CodeActionResolveRequest,
  InlineCompletionRequest,
  type InitializeParams,
  LanguageClient,
  type LanguageClientOptions,
  type MessageSignature,
  type Middleware,
  RevealOutputChannelOn,
  State,
  WorkDoneProgressCancelNotification,
} from "vscode-languageclient/node";
import { homedir } from "node:os";
import { createInterface } from "node:readline";

import type { Facts, ModelStatus } from "./appearance";
import type { Program } from "./discovery";
import type { PartialAcceptance } from "./partial";
import { Notifications } from "./progress";
import { chosenSettings, SECTION } from "./settings";
import type { Status } from "./status";
import { type Switches } from "./switches";

/** What a client works with. */
export interface Surroundings {
  readonly log: LogOutputChannel;
  readonly status: Status;
  readonly switches: Switches;
  readonly partial: PartialAcceptance;
  /** Names of the settings that the server has. */
  readonly settings: readonly string[];
  /** Of this extension. */
  readonly version: string;
}

const DOCUMENTS = [{ scheme: "file" }, { scheme: "untitled" }, { notebook: "*" }];
const MODEL_PROGRESS = /^codegen-lsp-\d+$/;
/** Their failure is told in another way, or is not worth a word while the user types. */
const QUIET: readonly string[] = [InlineCompletionRequest.method, CodeActionResolveRequest.method];

/** A client that starts `program`; not started yet. Its state is told to `onState`. */
export function createClient(
  program: Program,
  surroundings: Surroundings,
  onState: (server: Facts["server"]) => void,
): LanguageClient {
  // Else the language client takes the workspace's folder, which nobody may trust.
  const place = workspace.isTrusted ? {} : { cwd: homedir() };
  const server = { command: program.path, args: ["lsp"], options: place };
  const notifications = new Notifications((token) => {
    void client.sendNotification(WorkDoneProgressCancelNotification.type, { token });
  });
  const options = optionsOf(surroundings, notifications);
  const client = new Client(SECTION, "codegen-lsp", server, options);
  client.onNotification("didChangeStatus", (said: ModelStatus) => {
    surroundings.status.change({ model: said });
  });
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Stopped) {
      notifications.clear();
    }
    onState(STATES[newState]);
  });
  return client;
}

const STATES = {
  [State.Starting]: "starting",
  [State.Running]: "running",
  [State.Stopped]: "stopped",
  [State.StartFailed]: "stopped",
} as const;

class Client extends LanguageClient {
  /** A folder that nobody trusts is not named: the server would read its project file. */
  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    if (!workspace.isTrusted) {
      params.workspaceFolders = null;
      params.rootUri = null;
      params.rootPath = null;
    }
  }

  override handleFailedRequest<T>(
    type: MessageSignature,
    token: CancellationToken | undefined,
    error: unknown,
    otherwise: T,
    isShown = true,
    throwOnCancel?: boolean,
  ): T {
    const isTold = isShown && !QUIET.includes(type.method);
    return super.handleFailedRequest(type, token, error, otherwise, isTold, throwOnCancel);
  }
}

function optionsOf(
  surroundings: Surroundings,
  notifications: Notifications,
): LanguageClientOptions {
  return {
    documentSelector: DOCUMENTS,
    outputChannel: surroundings.log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: () => ({
      ...chosenSettings(surroundings.settings),
      editorInfo: { name: env.appName, version },
      editorPluginInfo: { name: SECTION, version: surroundings.version },
    }),
    stdioOptions: {
      stdout: (lines, log) => createInterface(lines).on("line", (line) => log.info(line)),
      stderr: (lines, log) => createInterface(lines).on("line", (line) => log.info(line)),
    },
    middleware: middlewareOf(surroundings, notifications),
  };
}

function middlewareOf(surroundings: Surroundings, notifications: Notifications): Middleware {
  const { status, switches, partial } = surroundings;
  return {
    provideInlineCompletionItems: async (document, position, context, token, next) => {
      if (switches.isFileOff(document)) {
        return undefined;
      }
      const answer = await status.during(asPromise(next(document, position, context, token)));
      partial.answered(document, position, answer);
      return answer;
    },
    resolveCodeAction: async (action, token, next) => {
      try {
        return await status.during(asPromise(next(action, token)));
      } catch (error) {
        if (!(error instanceof CancellationError)) {
          void window.showWarningMessage(`codegen-lsp: ${reasonOf(error)}`);
        }
        return action;
      }
    },
    handleWorkDoneProgress: (token, progress, next) => {
      if (MODEL_PROGRESS.test(String(token))) {
        status.change({ percent: progress.kind === "end" ? undefined : progress.percentage });
      }
      if (!notifications.handle(token, progress) || progress.kind === "end") {
        next(token, progress);
      }
    },
    workspace: {
      configuration: (params) => params.items.map(() => chosenSettings(surroundings.settings)),
      didChangeWorkspaceFolders: async (event, next) => {
        if (workspace.isTrusted) {
          await next(event);
        }
      },
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function asPromise<T>(value: T | PromiseLike<T>): Promise<T> {
  return value;
}

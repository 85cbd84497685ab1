/** Installs the server into an environment of the extension's own, with uv or pip. */

import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type CancellationToken, type LogOutputChannel, ProgressLocation, window } from "vscode";

import { findOnPath, inEnvironment } from "./discovery";

const OLDEST_PYTHON = "3.11";

/** A command to run: a program and its arguments. */
type Command = readonly [string, ...string[]];

/**
 * Installs `requirement` into the virtual environment `folder`, shown as progress that the user can
 * cancel; the output goes to `log`. Returns whether it was installed. What a failed or cancelled
 * installation leaves behind is deleted.
 */
export async function install(
  folder: string,
  requirement: string,
  log: LogOutputChannel,
): Promise<boolean> {
  const commands = await commandsFor(folder, requirement);
  if (commands === undefined) {
    await tell(log, `neither uv nor Python was found; install Python ${OLDEST_PYTHON} or newer`);
    return false;
  }
  const options = {
    location: ProgressLocation.Notification,
    title: `Installing ${requirement}`,
    cancellable: true,
  };
  return window.withProgress(options, async (progress, cancelled) => {
    const show = (line: string): void => {
      log.info(line);
      progress.report({ message: line.trim().slice(0, 60) });
    };
    try {
      for (const command of commands) {
        await run(command, show, cancelled);
      }
      return true;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      if (!cancelled.isCancellationRequested) {
        void tell(log, `the installation failed: ${(error as Error).message}`);
      }
      return false;
    }
  });
}

/** What installs: uv brings a Python if need be and is quicker; undefined where there is neither. */
async function commandsFor(folder: string, requirement: string): Promise<Command[] | undefined> {
  const searchPath = process.env["PATH"] ?? "";
  const python = inEnvironment(folder, "python");
  const uv = await findOnPath("uv", searchPath);
  if (uv !== undefined) {
    return [
      [uv, "venv", "--no-project", "--python", `>=${OLDEST_PYTHON}`, folder],
      [uv, "pip", "install", "--python", python, requirement],
    ];
  }
  const found =
    (await findOnPath("python3", searchPath)) ?? (await findOnPath("python", searchPath));
  if (found === undefined) {
    return undefined;
  }
  return [
    [found, "-m", "venv", folder],
    [python, "-m", "pip", "install", "--progress-bar", "off", requirement],
  ];
}

/** Runs `command` to its end; its lines go to `show`. */
function run(
  [program, ...args]: Command,
  show: (line: string) => void,
  cancelled: CancellationToken,
): Promise<void> {
  show(`$ ${[program, ...args].join(" ")}`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const listener = cancelled.onCancellationRequested(() => child.kill());
    createInterface(child.stdout).on("line", show);
    createInterface(child.stderr).on("line", show);
    child.on("error", reject);
    child.on("close", (code) => {
      listener.dispose();
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`${program} ended with ${code ?? "a signal"}`));
      }
    });
  });
}

async function tell(log: LogOutputChannel, message: string): Promise<void> {
  const chosen = await window.showErrorMessage(`codegen-lsp: ${message}`, "Show Log");
  if (chosen !== undefined) {
    log.show();
  }
}

/** Installs the server into an environment of the extension's own, with uv or pip. */

import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import {
  type CancellationToken,
  CancellationTokenSource,
  type LogOutputChannel,
  ProgressLocation,
  window,
} from "vscode";

import { findOnPath, inEnvironment } from "./discovery";
import { type Command, run } from "./processes";

const OLDEST_PYTHON = "3.11";
const FORCED = { recursive: true, force: true };

/**
 * Installs `requirement` into the virtual environment `folder`, shown as progress that the user can
 * cancel, and that `ended` cancels too; the output goes to `log`. Returns whether it was installed.
 * What a failed or cancelled installation leaves behind is deleted, and an environment that was
 * there before comes back.
 */
export async function install(
  folder: string,
  requirement: string,
  log: LogOutputChannel,
  ended: CancellationToken,
): Promise<boolean> {
  const commands = await commandsFor(folder, requirement);
  if (commands === undefined) {
    tell(log, `neither uv nor Python was found; install Python ${OLDEST_PYTHON} or newer`);
    return false;
  }
  const options = {
    location: ProgressLocation.Notification,
    title: `Installing ${requirement}`,
    cancellable: true,
  };
  return window.withProgress(options, async (progress, byUser) => {
    const cancelled = eitherOf(byUser, ended);
    const show = (line: string): void => {
      log.info(line);
      progress.report({ message: line.trim().slice(0, 60) });
    };
    try {
      const parent = path.dirname(folder);
      await mkdir(parent, { recursive: true });
      await replacing(folder, () => runAll(commands, parent, show, cancelled));
      return true;
    } catch (error) {
      if (!cancelled.isCancellationRequested) {
        tell(log, `the installation failed: ${(error as Error).message}`);
      }
      return false;
    }
  });
}

/** Is cancelled as soon as one of them is. */
function eitherOf(one: CancellationToken, other: CancellationToken): CancellationToken {
  const source = new CancellationTokenSource();
  for (const each of [one, other]) {
    each.onCancellationRequested(() => source.cancel());
  }
  return source.token;
}

async function runAll(
  commands: readonly Command[],
  folder: string,
  show: (line: string) => void,
  cancelled: CancellationToken,
): Promise<void> {
  for (const command of commands) {
    await run(command, folder, show, cancelled);
  }
}

/** Runs `make`, which makes `folder`; if it fails, `folder` is as it was before. */
async function replacing(folder: string, make: () => Promise<void>): Promise<void> {
  const before = `${folder}.before`;
  await rm(before, FORCED);
  if (existsSync(folder)) {
    await rename(folder, before);
  }
  try {
    await make();
  } catch (error) {
    await rm(folder, FORCED);
    if (existsSync(before)) {
      await rename(before, folder);
    }
    throw error;
  }
  await rm(before, FORCED);
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

function tell(log: LogOutputChannel, message: string): void {
  void window.showErrorMessage(`codegen-lsp: ${message}`, "Show Log").then((chosen) => {
    if (chosen !== undefined) {
      log.show();
    }
  });
}

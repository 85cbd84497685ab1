/** Runs programs that the user can stop, with all that they have started. */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { CancellationToken } from "vscode";

const IS_WINDOWS = process.platform === "win32";

/** A command to run: a program and its arguments. */
export type Command = readonly [string, ...string[]];

/**
 * Runs `command` in `folder` to its end; its lines go to `show`. Where `cancelled` is requested, it
 * ends early. Python and uv read what lies in their folder: it must be nobody's project.
 *
 * @throws Error if the program cannot be started, or does not end with 0.
 */
export function run(
  [program, ...args]: Command,
  folder: string,
  show: (line: string) => void,
  cancelled: CancellationToken,
): Promise<void> {
  show(`$ ${[program, ...args].join(" ")}`);
  return new Promise((resolve, reject) => {
    // A group of its own, so that a signal reaches what it starts too.
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      detached: !IS_WINDOWS,
      windowsHide: true,
    });
    const listener = cancelled.onCancellationRequested(() => endTree(child));
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

function endTree({ pid }: ChildProcess): void {
  if (pid === undefined) {
    return;
  }
  if (IS_WINDOWS) {
    spawn("taskkill", ["/pid", String(pid), "/t", "/f"]);
  } else {
    endGroup(pid);
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid);
  } catch (error) {
    // It may have ended by itself, and its output not yet.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}

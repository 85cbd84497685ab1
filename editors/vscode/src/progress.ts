/**
 * Shows what the server works on: as a notification where the user can cancel it.
 *
 * The language client itself would show everything in the status bar, where nothing can be cancelled.
 */

import { ProgressLocation, window } from "vscode";
import type {
  ProgressToken,
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from "vscode-languageclient/node";

type WorkDoneProgress = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** One notification. */
interface Shown {
  show(progress: WorkDoneProgressBegin | WorkDoneProgressReport): void;
  end(): void;
}

/** The notifications that are to be seen. */
export class Notifications {
  private readonly shown = new Map<ProgressToken, Shown>();

  /** @param cancel tells the server that the user has cancelled the work behind a token. */
  constructor(private readonly cancel: (token: ProgressToken) => void) {}

  /** Shows `progress`; returns whether it belongs to a notification. */
  handle(token: ProgressToken, progress: WorkDoneProgress): boolean {
    if (progress.kind === "begin" && progress.cancellable === true) {
      this.shown.set(
        token,
        notification(progress.title, () => this.cancel(token)),
      );
    }
    const shown = this.shown.get(token);
    if (progress.kind === "end") {
      shown?.end();
      this.shown.delete(token);
    } else {
      shown?.show(progress);
    }
    return shown !== undefined;
  }

  /** Takes all of them away: the server is gone. */
  clear(): void {
    this.shown.forEach((each) => each.end());
    this.shown.clear();
  }
}

/** A notification; what happens before VS Code shows it is not lost. */
function notification(title: string, cancel: () => void): Shown {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  let reached = 0;
  let latest: WorkDoneProgressBegin | WorkDoneProgressReport | undefined;
  let show = (progress: WorkDoneProgressBegin | WorkDoneProgressReport): void => {
    latest = progress;
  };
  const location = ProgressLocation.Notification;
  void window.withProgress({ location, title, cancellable: true }, (bar, cancelled) => {
    cancelled.onCancellationRequested(cancel);
    show = ({ message, percentage = reached }) => {
      bar.report({ message, increment: Math.max(0, percentage - reached) });
      reached = Math.max(reached, percentage);
    };
    if (latest !== undefined) {
      show(latest);
    }
    return over;
  });
  return { show: (progress) => show(progress), end };
}

/**
 * Tells the server how much of a suggestion was accepted word by word or line by line.
 *
 * VS Code tells that only through a proposed API; so the accepting command looks at what stands in
 * the document afterwards.
 */

import {
  commands,
  type InlineCompletionItem,
  type InlineCompletionList,
  type Position,
  Range,
  type TextDocument,
  window,
} from "vscode";

/** What was answered latest. */
interface Answer {
  readonly document: TextDocument;
  readonly position: Position;
  readonly items: readonly InlineCompletionItem[];
}

/** Sends a notification to the server. */
export type Notify = (method: string, params: object) => Promise<void>;

/** Keeps the latest answer, and runs the commands that accept a part of it. */
export class PartialAcceptance {
  private latest?: Answer;

  /** The server has answered a request for suggestions at `position`. */
  answered(
    document: TextDocument,
    position: Position,
    answer: InlineCompletionItem[] | InlineCompletionList | null | undefined,
  ): void {
    const items = Array.isArray(answer) ? answer : answer?.items;
    if (items !== undefined && items.length > 0) {
      this.latest = { document, position, items };
    }
  }

  /** Runs `command` of VS Code and tells what it has accepted. */
  async run(command: string, notify: Notify): Promise<void> {
    await commands.executeCommand(command);
    const editor = window.activeTextEditor;
    const answer = this.latest;
    if (editor === undefined || answer === undefined || answer.document !== editor.document) {
      return;
    }
    const taken = takenOf(answer, editor.selection.active);
    if (taken !== undefined) {
      const { command, insertText } = taken.item;
      const item = { insertText, command };
      const params = { item, acceptedLength: taken.length };
      await notify("textDocument/didPartiallyAcceptCompletion", params);
    }
  }
}

/** The item of which a part stands before the cursor, and how much that is in UTF-16 units. */
function takenOf(
  answer: Answer,
  cursor: Position,
): { item: InlineCompletionItem; length: number } | undefined {
  for (const item of answer.items) {
    const start = item.range?.start ?? answer.position;
    if (cursor.isAfter(start) && typeof item.insertText === "string") {
      const taken = answer.document.getText(new Range(start, cursor)).replace(/\r\n/g, "\n");
      if (item.insertText.startsWith(taken)) {
        return { item, length: taken.length };
      }
    }
  }
  return undefined;
}

/** What opens beside the code: why there was no suggestion, and the statistics. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { ViewColumn, window, workspace } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import type { Program } from "./discovery";
import { currentDocument } from "./switches";

const DETAILS = "Show Details";

/** Says in a line what was decided for the latest answer in the current document, and why. */
export async function explain(client: LanguageClient): Promise<void> {
  const document = currentDocument();
  const textDocument = document && { uri: document.uri.toString() };
  const explanation: { summary: string } = await client.sendRequest("codegen/explain", {
    textDocument,
  });
  const chosen = await window.showInformationMessage(
    `codegen-lsp: ${explanation.summary}`,
    DETAILS,
  );
  if (chosen === DETAILS) {
    const content = JSON.stringify(explanation, null, 2);
    await window.showTextDocument(
      await workspace.openTextDocument({ language: "json", content }),
      ViewColumn.Beside,
    );
  }
}

/** Opens the page of `codegen-lsp stats`; it holds no script, and none would run. */
export async function showStatistics(program: Program): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "codegen-lsp-"));
  try {
    const file = path.join(folder, "statistics.html");
    await promisify(execFile)(program.path, ["stats", "--html", file]);
    const panel = window.createWebviewPanel(
      "codegen-lsp.statistics",
      "codegen-lsp: Statistics",
      ViewColumn.Active,
      { enableScripts: false, localResourceRoots: [] },
    );
    panel.webview.html = await readFile(file, "utf8");
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The names of the models that the server knows. */
export async function modelNames(program: Program): Promise<string[]> {
  const { stdout } = await promisify(execFile)(program.path, ["model", "list", "--json"]);
  const models: { name: string }[] = JSON.parse(stdout);
  return models.map((each) => each.name);
}

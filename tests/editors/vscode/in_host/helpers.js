/** What the cases are written with. */

const assert = require("node:assert/strict");
const { writeFile, mkdtemp } = require("node:fs/promises");
const { createRequire } = require("node:module");
const os = require("node:os");
const path = require("node:path");

const vscode = require("vscode");

const PATIENCE_MS = 30_000;
const ASK_AGAIN_MS = 2000;
const ID = "codegen-lsp.codegen-lsp";

const extension = vscode.extensions.getExtension(ID);

// Every extension has an API object of its own; this is ours.
const ours = createRequire(path.join(extension.extensionPath, "package.json"))("vscode");
const { window } = ours;

/** What the extension offers, once it is active. */
async function api() {
  return extension.activate();
}

/** Waits until `condition` returns something true, and returns that. */
async function until(what, condition) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await condition();
    if (found) {
      return found;
    }
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until the status bar shows `state`. */
async function untilState(state) {
  const { status } = await api();
  await until(`the state ${state}`, () => status.appearance.state === state).catch((error) => {
    throw new Error(`${error.message}; known is ${JSON.stringify(status.known)}`);
  });
  return status.appearance;
}

/** Opens a Python file of these lines; the cursor is at its end. The model is ready. */
async function open(...lines) {
  const { status } = await api();
  await until("the model", () => status.known.model?.kind === "Normal" && !status.known.model.busy);
  const folder = await mkdtemp(path.join(os.tmpdir(), "in-host-"));
  const file = path.join(folder, "sample.py");
  await writeFile(file, lines.join("\n"));
  const document = await vscode.workspace.openTextDocument(file);
  const editor = await vscode.window.showTextDocument(document);
  const end = document.lineAt(document.lineCount - 1).range.end;
  editor.selection = new vscode.Selection(end, end);
  return editor;
}

/** The last line of the editor's text. */
function lastLine(editor) {
  return editor.document.lineAt(editor.document.lineCount - 1).text;
}

/** What the server says of its latest answer in the editor's document, or at `position` there. */
async function explanation(editor, position) {
  const { server } = await api();
  const textDocument = { uri: editor.document.uri.toString() };
  return server.client.sendRequest("codegen/explain", { textDocument, position });
}

/** Runs a command of the extension. */
async function run(name, ...args) {
  return vscode.commands.executeCommand(`codegen-lsp.${name}`, ...args);
}

/**
 * Asks for a suggestion and waits until the server has one for the cursor; asks again where VS Code
 * has dropped the request, as it does when settings change.
 */
async function ask(editor) {
  const cursor = editor.selection.active;
  let asked = 0;
  await until("a suggestion", async () => {
    if (Date.now() - asked > ASK_AGAIN_MS) {
      asked = Date.now();
      await run("trigger");
    }
    const { decision, position } = await explanation(editor);
    return decision === "suggested" && position.character === cursor.character;
  });
}

/** Runs a command again and again until the editor's last line is another. */
async function untilChanged(editor, command) {
  const before = lastLine(editor);
  await until(`${command} to change ${before}`, async () => {
    await vscode.commands.executeCommand(command);
    return lastLine(editor) !== before;
  });
  return lastLine(editor);
}

/** Sets one of our settings for the user, as long as `body` runs. */
async function having(name, value, body) {
  const set = (each) => vscode.workspace.getConfiguration("codegen-lsp").update(name, each, true);
  const before = vscode.workspace.getConfiguration("codegen-lsp").inspect(name).globalValue;
  await set(value);
  try {
    return await body();
  } finally {
    await set(before);
  }
}

/** Answers what the extension asks by `window[method]` while `body` runs; returns what was asked. */
async function answering(method, answer, body) {
  const original = window[method];
  const asked = [];
  window[method] = async (...args) => {
    asked.push(args);
    return answer(...args);
  };
  try {
    await body(asked);
  } finally {
    window[method] = original;
  }
  return asked;
}

module.exports = {
  answering,
  api,
  ask,
  explanation,
  extension,
  having,
  lastLine,
  open,
  ours,
  run,
  until,
  untilChanged,
  untilState,
};

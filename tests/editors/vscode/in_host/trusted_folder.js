/** The folder of untrusted.js, trusted: what it says counts. */

const assert = require("node:assert/strict");

const vscode = require("vscode");

const { api, explanation, open, run, until, untilState } = require("./helpers");

exports.theProgramAndTheSettingsOfTheFolderCount = async () => {
  await until("the server", async () => (await api()).server.client?.isRunning());
  const { server } = await api();
  assert.equal(vscode.workspace.isTrusted, true);
  assert.equal(server.program.origin, "workspace");
  assert.equal(vscode.workspace.getConfiguration("codegen-lsp").get("automatic"), false);
};

exports.theProjectFileIsRead = async () => {
  await untilState("off");
  const editor = await open('# scripted: text="here"', "x = ");
  await run("trigger");
  const { reason } = await until("an answer", async () => {
    const said = await explanation(editor);
    return said.decision !== "none" && said;
  });
  assert.equal(reason.code, "disabled");
};

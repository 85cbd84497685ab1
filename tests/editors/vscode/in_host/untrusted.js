/** In a folder that nobody trusts, which has a project file and a program in its .venv. */

const assert = require("node:assert/strict");
const { readlink, realpath } = require("node:fs/promises");
const path = require("node:path");

const vscode = require("vscode");

const { api, explanation, open, run, until, untilState } = require("./helpers");

exports.neitherProgramNorSettingsOfTheFolderCount = async () => {
  const { server } = await api();
  assert.equal(vscode.workspace.isTrusted, false);
  assert.equal((await untilState("problem")).message, "the server is not installed");
  process.env.PATH += path.delimiter + process.env.CODEGEN_LSP_TEST_PATH;
  await run("restart");
  await untilState("ready");
  assert.equal(server.program.origin, "PATH");
  const { pid } = server.client._serverProcess;
  assert.equal(await readlink(`/proc/${pid}/cwd`), await realpath(process.env.HOME));
  assert.equal(vscode.workspace.getConfiguration("codegen-lsp").get("automatic"), true);
};

exports.theProjectFileIsNotRead = async () => {
  const editor = await open('# scripted: text="here"', "x = ");
  await run("trigger");
  const { decision } = await until("an answer", async () => {
    const said = await explanation(editor);
    return said.decision !== "none" && said;
  });
  assert.equal(decision, "suggested");
};

/** In a trusted folder, with the scripted model (tests/worker/scripted_worker.py). */

const assert = require("node:assert/strict");
const { chmod, writeFile } = require("node:fs/promises");
const path = require("node:path");

const vscode = require("vscode");

const {
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
} = require("./helpers");

/** A program that hears everything and says nothing. */
async function silentProgram() {
  const file = path.join(process.env.HOME, "silent");
  await writeFile(file, "#!/bin/sh\nexec sleep 3600\n");
  await chmod(file, 0o755);
  return file;
}

const COMMIT = "editor.action.inlineSuggest.commit";
const OTHER_MODEL = "qwen2.5-coder-1.5b";

exports.becomesReady = async () => {
  const { text, message } = await untilState("ready");
  assert.equal(text, "$(sparkle) codegen");
  assert.equal(message, "ready");
};

exports.everyCommandOfTheManifestIsThere = async () => {
  await untilState("ready");
  const known = await vscode.commands.getCommands();
  const declared = extension.packageJSON.contributes.commands.map((each) => each.command);
  assert.deepEqual(
    declared.filter((each) => !known.includes(each)),
    [],
  );
};

exports.acceptsAll = async () => {
  const editor = await open('# scripted: text="return a + b"', "    ");
  await ask(editor);
  assert.equal(await untilChanged(editor, COMMIT), "    return a + b");
  await until("the server to know", async () => {
    const { suggestions } = await explanation(editor);
    return suggestions?.some((each) => each.outcome === "accepted");
  });
};

exports.acceptsAWordAndTellsTheServer = async () => {
  const editor = await open('# scripted: text="né += 🎉 * gamma"', "total ");
  await ask(editor);
  const asked = editor.selection.active;
  const line = await untilChanged(editor, "codegen-lsp.acceptWord");
  assert.equal(line, "total né");
  await until("the server to know", async () => {
    const { suggestions } = await explanation(editor, asked);
    return suggestions[0].outcome === "partially_accepted" && suggestions[0].acceptedLength === 2;
  });
};

exports.acceptsALine = async () => {
  const editor = await open('# scripted: text="[\\n    1,\\n]"', "numbers = ");
  await ask(editor);
  const before = editor.document.getText();
  await until("a line", async () => {
    await run("acceptLine");
    return editor.document.getText() !== before;
  });
  assert.equal(editor.document.getText(), `${before}[\n`);
};

exports.goesToTheNextCandidate = async () => {
  const editor = await open('# scripted: text="first" text="second"', "x = ");
  await ask(editor);
  await until("the second", async () => {
    await run("next");
    await vscode.commands.executeCommand(COMMIT);
    return lastLine(editor) !== "x = ";
  });
  assert.equal(lastLine(editor), "x = second");
};

exports.goesToThePreviousCandidate = async () => {
  await having("candidates", 3, async () => {
    const editor = await open('# scripted: text="first" text="second" text="third"', "x = ");
    await until("three", async () => {
      await ask(editor);
      return (await explanation(editor)).suggestions.length === 3;
    });
    await until("the one before the first", async () => {
      await run("previous");
      await vscode.commands.executeCommand(COMMIT);
      return lastLine(editor) !== "x = ";
    });
    assert.equal(lastLine(editor), "x = third");
  });
};

exports.defaultsOfTheManifestDoNotBeatTheUsersFile = async () => {
  const editor = await open('# scripted: text="a" text="b" text="c"', "x = ");
  await ask(editor);
  const { suggestions } = await explanation(editor);
  assert.equal(suggestions.length, 2); // config.toml says candidates = 2, the manifest 3
};

exports.aChangedSettingReachesTheServer = async () => {
  await having("candidates", 1, async () => {
    await until("one candidate", async () => {
      const editor = await open('# scripted: text="a" text="b" text="c"', "y = ");
      await ask(editor);
      const { suggestions } = await explanation(editor);
      return suggestions.length === 1;
    });
  });
};

exports.offEverywhereForALanguageAndForAFile = async () => {
  const editor = await open("y = ", "x = ");
  const { menu } = await api();
  await having("automatic", false, async () => {
    const { text, message } = await untilState("off");
    assert.equal(text, "$(circle-slash) codegen");
    assert.equal(message, "off: suggestions come only when asked for");
    assert.ok(menu().includes("$(power) Enable Everywhere"));
  });
  await untilState("ready");
  await having("disabledLanguages", ["python"], async () => {
    assert.equal((await untilState("off")).message, "off for python");
  });
  await untilState("ready");
  await run("toggleFile");
  assert.equal((await untilState("off")).message, "off for this file");
  const silent = editor.selection.active;
  await run("trigger");
  await run("toggleFile");
  await untilState("ready");
  const asked = new vscode.Position(0, 4);
  editor.selection = new vscode.Selection(asked, asked);
  await ask(editor);
  assert.equal((await explanation(editor, asked)).decision, "suggested");
  assert.equal((await explanation(editor, silent)).decision, "none");
};

exports.offForAFileIsForAllCellsOfANotebook = async () => {
  const cell = (text) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, "python");
  const notebook = await vscode.workspace.openNotebookDocument(
    "jupyter-notebook",
    new vscode.NotebookData([cell("a = "), cell("b = ")]),
  );
  await vscode.window.showNotebookDocument(notebook);
  const enter = (index) => enterCell(notebook.cellAt(index));
  const { menu } = await api();
  await enter(0);
  await untilState("ready");
  await run("toggleFile");
  await untilState("off");
  await enter(1);
  assert.equal((await untilState("off")).message, "off for this file");
  assert.ok(menu().includes("$(file) Enable for This File"));
  await run("toggleFile");
  await untilState("ready");
};

/** Puts the cursor into a cell. */
async function enterCell(cell) {
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  await vscode.window.showNotebookDocument(cell.notebook, { selections: [range] });
  await until("the cell", async () => {
    await vscode.commands.executeCommand("notebook.cell.edit");
    return vscode.window.activeTextEditor?.document === cell.document;
  });
}

/** Chooses in the menu the entry that begins so, and then `value`. */
async function chooseInMenu(label, value) {
  const asked = await answering(
    "showQuickPick",
    (items) => items.find((each) => each === value || each.label?.endsWith(label)),
    () => run("menu"),
  );
  assert.equal(asked.length, 2);
  assert.ok(asked[1][0].includes(value));
}

exports.theModelIsChosenInTheMenu = async () => {
  const editor = await open("x = ");
  const named = async () => (await explanation(editor)).model.name;
  const before = await named();
  const settings = () => vscode.workspace.getConfiguration("codegen-lsp");
  try {
    await chooseInMenu("Model", OTHER_MODEL);
    assert.equal(settings().inspect("model").globalValue, OTHER_MODEL);
    assert.notEqual(before, OTHER_MODEL);
    await until("the server to know", async () => (await named()) === OTHER_MODEL);
  } finally {
    await settings().update("model", undefined, true);
  }
  await until("the model of before", async () => (await named()) === before);
};

exports.eagernessIsChosenInTheMenu = async () => {
  // In a file of its own each time: where one was hidden, it may not be offered again.
  const threshold = async () => {
    const editor = await open('# scripted: text="a" doubtful=1', "x = ");
    await ask(editor);
    return (await explanation(editor)).threshold;
  };
  const before = await threshold();
  const settings = () => vscode.workspace.getConfiguration("codegen-lsp");
  try {
    await chooseInMenu("Eagerness", "quiet");
    assert.equal(settings().inspect("eagerness").globalValue, "quiet");
    await until("the server to know", async () => (await threshold()) > before);
  } finally {
    await settings().update("eagerness", undefined, true);
  }
};

exports.proposedApisAreRefused = async () => {
  const provider = {
    provideInlineCompletionItems: () => [],
    handleDidShowCompletionItem: () => undefined,
  };
  assert.throws(
    () => ours.languages.registerInlineCompletionItemProvider({ pattern: "**" }, provider),
    /CANNOT use API proposal/,
  );
};

exports.writesADocstring = async () => {
  const editor = await open(
    "def add(a, b):",
    '    # scripted: sentence="Add é."',
    "    return a + b",
  );
  editor.selection = new vscode.Selection(0, 5, 0, 5);
  await run("generateDocstring");
  await until("a docstring", () => editor.document.getText().includes('"""Add é.'));
  assert.ok(editor.document.getText().endsWith("    return a + b"));
};

exports.explainsASilence = async () => {
  const editor = await open("# scripted: reason=loops", "x = ");
  await run("trigger");
  await until("silence", async () => (await explanation(editor)).decision === "silent");
  const [[said]] = await answering(
    "showInformationMessage",
    () => undefined,
    () => run("explain"),
  );
  assert.match(said, /^codegen-lsp: no suggestion: the model only repeated itself/);
};

exports.saysWhatIsTheMatterWithoutAServer = async () => {
  await having("server.path", "/nowhere/codegen-lsp", async () => {
    const { message } = await untilState("problem");
    const asked = await answering(
      "showInformationMessage",
      () => undefined,
      () => run("explain"),
    );
    assert.deepEqual(asked, [[`codegen-lsp: ${message}`]]);
  });
  await untilState("ready");
};

exports.showsStatistics = async () => {
  await untilState("ready");
  await run("statistics");
  await until("the page", () =>
    vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes("Statistics"),
  );
};

exports.comesBackAfterACrash = async () => {
  await untilState("ready");
  const { server, status } = await api();
  const states = [];
  const watch = setInterval(() => states.push(status.appearance.state), 5);
  process.kill(server.client._serverProcess.pid, "SIGKILL");
  await until("the crash to be seen", () => states.some((each) => each !== "ready"));
  await untilState("ready");
  clearInterval(watch);
  const editor = await open('# scripted: text="again"', "x = ");
  await ask(editor);
  assert.equal(await untilChanged(editor, COMMIT), "x = again");
};

exports.restarts = async () => {
  await untilState("ready");
  const { server } = await api();
  const before = server.client._serverProcess.pid;
  await run("restart");
  await untilState("ready");
  assert.notEqual(server.client._serverProcess.pid, before);
};

exports.aPathThatIsNoProgramIsAProblem = async () => {
  await having("server.path", "/nowhere/codegen-lsp", async () => {
    const { text, message } = await untilState("problem");
    assert.equal(text, "$(warning) codegen");
    assert.match(message, /names \/nowhere\/codegen-lsp, which is no program/);
  });
  await untilState("ready");
};

exports.aServerThatDoesNotAnswerIsReplaced = async () => {
  await untilState("ready");
  const { server } = await api();
  const { pid } = server.client._serverProcess;
  process.kill(pid, "SIGSTOP");
  await run("restart");
  await untilState("ready");
  assert.notEqual(server.client._serverProcess.pid, pid);
};

exports.aProgramThatNeverAnswersIsReplaced = async () => {
  const program = await silentProgram();
  await having("server.path", program, async () => {
    const { server } = await api();
    await until("its start", () => server.program?.path === program && server.client);
  });
  await untilState("ready");
};

Object.assign(exports, require("./installing"));

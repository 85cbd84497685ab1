/** Installing the server; CODEGEN_LSP_TEST_WHEEL is a wheel that starts the scripted one. */

const assert = require("node:assert/strict");
const { chmod, mkdir, readFile, realpath, rm, stat, writeFile } = require("node:fs/promises");
const path = require("node:path");

const vscode = require("vscode");

const { answering, api, run, until, untilState } = require("./helpers");

/** A shell script of that name in a folder that is alone on PATH. */
async function onPath(name, script) {
  const folder = path.join(process.env.HOME, `only-${name}-${Date.now()}`);
  await mkdir(folder);
  await writeFile(path.join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(folder, name), 0o755);
  process.env.PATH = folder;
}

/** Runs `body` where no server is to be found, and then brings back the one of the settings. */
async function withoutServer(body) {
  const { server } = await api();
  const settings = () => vscode.workspace.getConfiguration("codegen-lsp");
  const configured = settings().get("server.path");
  const searchPath = process.env.PATH;
  try {
    await onPath("nothing", "exit 1");
    const refused = await answering(
      "showInformationMessage",
      () => undefined,
      async (asked) => {
        await settings().update("server.path", "", true);
        await untilState("problem");
        await until("the question", () => asked.length > 0);
      },
    );
    assert.match(
      refused[0][0],
      /^codegen-lsp was found neither in the workspace's .venv nor on PATH/,
    );
    await body({ server, configured, searchPath });
  } finally {
    process.env.PATH = searchPath;
    await rm(server.ownEnvironment, { recursive: true, force: true });
    await settings().update("server.requirement", undefined, true);
    await settings().update("server.path", configured, true);
  }
  await until("the configured one", () => server.program?.origin === "setting");
  await untilState("ready");
}

/** Runs the command that installs; what is asked for a name is answered by `named`. */
async function installing(named) {
  const told = { questions: [], boxes: [], errors: [] };
  await answering(
    "showErrorMessage",
    () => undefined,
    async (errors) => {
      told.boxes = await answering("showInputBox", named, async () => {
        told.questions = await answering(
          "showInformationMessage",
          () => "Install",
          () => run("install"),
        );
      });
      told.errors = errors.map(([message]) => message);
    },
  );
  return told;
}

function remembered() {
  return vscode.workspace.getConfiguration("codegen-lsp").get("server.requirement");
}

exports.asksWhatToInstallAndEscapeInstallsNothing = () =>
  withoutServer(async ({ server }) => {
    const { menu } = await api();
    assert.ok(menu().includes("$(cloud-download) Install the Server"));
    assert.equal(remembered(), "");
    await onPath("uv", 'mkdir -p "$5"');
    const { boxes, errors } = await installing(() => undefined);
    assert.deepEqual(errors, []);
    await assert.rejects(stat(server.ownEnvironment));
    const [[{ value, validateInput }]] = boxes;
    assert.equal(value, undefined);
    assert.match(validateInput(" "), /^Name a folder or a wheel/);
    assert.match(validateInput("./here"), /^Give the absolute path/);
    assert.match(
      validateInput("~/nowhere"),
      new RegExp(`^There is no ${process.env.HOME}/nowhere`),
    );
    for (const option of ["-r /etc/passwd", " --index-url=http://host"]) {
      assert.match(validateInput(option), /^What begins with - would be an option/);
    }
    for (const good of ["~/", __dirname, "codegen-lsp[cuda]==1.0", "git+ssh://host/it"]) {
      assert.equal(validateInput(good), undefined);
    }
  });

exports.asksOneQuestionAtATimeAndSaysWhatIsTheMatter = () =>
  withoutServer(async () => {
    const rejected = [];
    const note = (reason) => rejected.push(reason);
    process.on("unhandledRejection", note);
    let refuse;
    const open = new Promise((_, reject) => {
      refuse = reject;
    });
    const asked = await answering(
      "showInformationMessage",
      (text) => (text.includes("Install") ? open : undefined),
      async () => {
        await run("restart");
        await run("restart");
        await run("statistics");
        refuse(new Error("closed"));
        await new Promise((resolve) => setTimeout(resolve));
        await run("restart");
      },
    );
    process.off("unhandledRejection", note);
    assert.deepEqual(rejected, []);
    const texts = asked.map(([text]) => text);
    assert.equal(texts.length, 3);
    assert.match(texts[0], /Install it/);
    assert.equal(texts[1], "codegen-lsp: the server is not installed");
    assert.equal(texts[2], texts[0]);
  });

exports.tellsWhyAnInstallationFailed = () =>
  withoutServer(async ({ server, searchPath }) => {
    await onPath("uv", `PATH=${searchPath}; mkdir -p "$5"; exit 3`);
    const { errors } = await installing(() => "some-name");
    assert.match(errors[0], /the installation failed: .*uv ended with 3/);
    await assert.rejects(stat(server.ownEnvironment));
    assert.equal(remembered(), "");
  });

exports.installsWithUvAndDoesTheSameWhenAskedAgain = () =>
  withoutServer(async ({ server, configured, searchPath }) => {
    await onPath(
      "uv",
      `PATH=${searchPath}
      if [ "$1" = venv ]; then mkdir -p "$5/bin"; else
      echo "$5" >"\${4%/bin/python}/named"; pwd -P >"\${4%/bin/python}/run_in"; ln -s ${configured} "\${4%/python}/codegen-lsp"; fi`,
    );
    assert.equal((await installing(() => " ~/")).boxes.length, 1);
    await untilState("ready");
    assert.equal(server.program.origin, "own environment");
    const source = `${process.env.HOME}/`;
    assert.equal(remembered(), source);
    const file = path.join(server.ownEnvironment, "named");
    const runIn = await readFile(path.join(server.ownEnvironment, "run_in"), "utf8");
    assert.equal(runIn.trim(), await realpath(path.dirname(server.ownEnvironment)));
    const { birthtimeMs } = await stat(file);
    const again = await installing(() => assert.fail("it is known what to install"));
    assert.equal(
      again.questions[0][0],
      `codegen-lsp is there already. Install "${source}" into an environment of its own? ` +
        "It takes 2 GB of disk or more.",
    );
    assert.ok((await stat(file)).birthtimeMs > birthtimeMs);
    await onPath("uv", "exit 4");
    assert.equal((await installing()).errors.length, 1);
    await untilState("ready");
    assert.equal(server.program.origin, "own environment");
  });

exports.installsWithPipWhereThereIsNoUv = () =>
  withoutServer(async ({ server }) => {
    await onPath("python3", `exec "${process.env.CODEGEN_LSP_TEST_PYTHON}" "$@"`);
    const { errors } = await installing(() => process.env.CODEGEN_LSP_TEST_WHEEL);
    assert.deepEqual(errors, []);
    await untilState("ready");
    assert.equal(server.program.origin, "own environment");
    assert.equal(remembered(), process.env.CODEGEN_LSP_TEST_WHEEL);
  });

exports.asksForPythonWhereThereIsNothing = () =>
  withoutServer(async () => {
    const { errors } = await installing(() => "some-name");
    assert.match(errors[0], /neither uv nor Python was found/);
  });

exports.endsAnInstallationWhenVSCodeEnds = async () => {
  const { server } = await api();
  const child = path.join(process.env.HOME, "child");
  const searchPath = process.env.PATH;
  await onPath("uv", `PATH=${searchPath}; mkdir -p "$5"; echo $$ >${child}; exec sleep 3600`);
  try {
    const told = installing(() => "some-name");
    const pid = await until("the installation", async () => Number(await textOf(child)));
    await server.end();
    assert.deepEqual((await told).errors, []);
    await until("its end", () => !isRunning(pid));
    await assert.rejects(stat(server.ownEnvironment));
    assert.equal(server.client, undefined);
  } finally {
    process.env.PATH = searchPath;
  }
};

async function textOf(file) {
  return readFile(file, "utf8").catch(() => "");
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs the cases that CODEGEN_LSP_TEST_CASES names, each in an editor of its own. */

const { commands } = require("vscode");

const LONGEST_MS = 60_000;

exports.run = async function run() {
  const cases = require(`./${process.env.CODEGEN_LSP_TEST_CASES}`);
  const failed = [];
  for (const [name, body] of Object.entries(cases)) {
    const start = performance.now();
    try {
      await Promise.race([body(), rejectLate()]);
      console.log(`in-host: passed ${name} (${Math.round(performance.now() - start)} ms)`);
    } catch (error) {
      failed.push(name);
      console.log(`in-host: FAILED ${name}: ${error.stack}`);
    }
    await commands.executeCommand("workbench.action.closeAllEditors");
  }
  if (failed.length > 0) {
    throw new Error(`failed: ${failed.join(", ")}`);
  }
};

function rejectLate() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("too late")), LONGEST_MS));
}

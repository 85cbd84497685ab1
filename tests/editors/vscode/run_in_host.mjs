/**
 * Runs in_host/index.js in VS Code's extension host, where the whole API is at hand.
 *
 * usage: node run_in_host.mjs OPTIONS   (JSON: installed, home, folder, settings, trusts, cases)
 * Ends with the number of failed cases; environment variables reach the cases.
 */

import path from "node:path";

import { EXTENSION, start } from "./workbench.mjs";

const LONGEST_MS = 240_000;
const options = JSON.parse(process.argv[2]);
process.env.CODEGEN_LSP_TEST_CASES = options.cases;
const workbench = await start({ ...options, isDriven: true });
try {
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  await workbench.open({
    folder: options.folder,
    payload: {
      extensionDevelopmentPath: workbench.uri(EXTENSION),
      extensionTestsPath: workbench.uri(path.join(import.meta.dirname, "in_host/index.js")),
      skipWelcome: "true",
    },
    prepare: async (each) => {
      await each.exposeFunction("codeAutomationLog", (_, args) => {
        const line = (args ?? []).join(" ");
        if (line.includes("in-host: ")) {
          console.log(line.slice(line.indexOf("in-host: ")));
        }
      });
      await each.exposeFunction("codeAutomationExit", finish);
    },
  });
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_MS, "late").unref());
  const code = await Promise.race([finished, late]);
  console.log(`in-host: ended with ${code}`);
  process.exitCode = code === 0 ? 0 : 1;
} finally {
  await workbench.close();
}

/** Writes out/codegen-lsp.vsix. */

import { copyFileSync, statSync } from "node:fs";
import { execFileSync } from "node:child_process";

const FILE = "out/codegen-lsp.vsix";
const MOST_BYTES = 500_000;

await import("./build.mjs");
copyFileSync("../../LICENSE", "LICENSE");
execFileSync(
  process.execPath,
  [
    "node_modules/@vscode/vsce/vsce",
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "-o",
    FILE,
  ],
  { stdio: "inherit" },
);
const { size } = statSync(FILE);
if (size > MOST_BYTES) {
  throw new Error(`${FILE} has ${size} bytes; more than ${MOST_BYTES} are too many`);
}

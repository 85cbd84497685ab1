/**
 * Puts back a check that code-server leaves out: extensions may use no proposed API.
 *
 * So an extension that stock VS Code would refuse fails in the tests too.
 * usage: node strict_patch.mjs VSCODE   (its folder, which holds out/)
 */

import { readFileSync, writeFileSync } from "node:fs";

const file = `${process.argv[2]}/out/vs/workbench/api/node/extensionHostProcess.js`;
const ALL_ALLOWED =
  /function (\w+)\((\w+),(\w+)\)\{return!0\}(?=function \w+\(\w+,\w+\)\{if\(!\1\(\w+,\w+\)\)throw new Error\(`Extension)/;
const code = readFileSync(file, "utf8");
const patched = code.replace(
  ALL_ALLOWED,
  "function $1($2,$3){return !!($2.isBuiltin||$2.enabledApiProposals?.includes($3))}",
);
if (patched === code) {
  throw new Error(`${file}: where proposed APIs are allowed was not found`);
}
writeFileSync(file, patched);

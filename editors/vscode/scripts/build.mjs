/**
 * Bundles the extension into out/: extension.js, which VS Code loads, and client.js, which that loads
 * later. LICENSES.txt has the licences of their parts.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";

import { build } from "esbuild";

const { metafile } = await build({
  entryPoints: ["src/extension.ts", "src/client.ts"],
  outdir: "out",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode", "./client.js"],
  supported: { "dynamic-import": false },
  minify: true,
  metafile: true,
});

const inputs = Object.keys(metafile.inputs).join("\n");
const folders = inputs.match(/^.*node_modules\/(@[^/\n]+\/)?[^/\n]+/gm) ?? [];
const licences = [...new Set(folders)].sort().map((folder) => {
  const file = readdirSync(folder).find((name) => /^licen[sc]e/i.test(name));
  return `${folder.replace(/^.*node_modules\//, "")}\n\n${readFileSync(`${folder}/${file}`, "utf8")}`;
});
writeFileSync("out/LICENSES.txt", licences.join(`\n${"-".repeat(80)}\n\n`));

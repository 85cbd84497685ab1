/** A VS Code of its own: started on a free port, shown in a headless Chromium. */

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");
export const EXTENSION = path.join(ROOT, "editors/vscode");
const { chromium } = createRequire(`${EXTENSION}/package.json`)("playwright-core");

const START_MS = 60_000;
const CHROMIUM = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const SETTINGS = {
  "chat.disableAIFeatures": true,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "extensions.autoCheckUpdates": false,
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
};

/**
 * Starts VS Code with a home of its own.
 *
 * `installed` is the folder of install_vscode.sh; `home` an empty folder; `settings` and
 * `keybindings` are the user's; `extension` a .vsix to install; `trusts` tells whether every folder counts as trusted;
 * `isDriven`, whether tests run in the extension host, which hides notifications.
 */
export async function start({
  installed,
  home,
  settings = {},
  keybindings = [],
  extension,
  trusts = true,
  isDriven = false,
}) {
  const node = path.join(installed, "node/node");
  const main = path.join(installed, "vscode/out/server-main.js");
  const folders = ["server-data", "user-data", "extensions"].flatMap((name) => [
    `--${name}-dir`,
    path.join(home, name),
  ]);
  const common = [main, "--accept-server-license-terms", "--disable-telemetry", ...folders];
  const gallery = JSON.stringify({ serviceUrl: "", itemUrl: "", resourceUrlTemplate: "" });
  const env = { ...process.env, HOME: home, EXTENSIONS_GALLERY: gallery };
  const text = JSON.stringify({ ...SETTINGS, ...settings });
  for (const kind of ["User", "Machine"]) {
    mkdirSync(path.join(home, "user-data", kind), { recursive: true });
    writeFileSync(path.join(home, "user-data", kind, "settings.json"), text);
  }
  const keys = path.join(home, "user-data/User/keybindings.json");
  writeFileSync(keys, JSON.stringify(keybindings));
  if (extension !== undefined) {
    const done = spawnSync(node, [...common, "--install-extension", extension], { env });
    if (done.status !== 0) {
      throw new Error(`${extension} was not installed: ${done.stdout}${done.stderr}`);
    }
  }
  const trust = trusts ? ["--disable-workspace-trust"] : [];
  const listening = ["--host", "127.0.0.1", "--port", "0", "--without-connection-token"];
  const driver = isDriven ? ["--enable-smoke-test-driver"] : [];
  const args = [...common, ...trust, ...listening, ...driver];
  const server = spawn(node, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const port = await portOf(server);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: CHROMIUM,
  });
  return new Workbench(server, port, browser);
}

function portOf(server) {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (text) => {
      said += text;
      const found = /listening on (\d+)/.exec(said);
      if (found) {
        resolve(Number(found[1]));
      }
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", (code) => reject(new Error(`VS Code ended with ${code}: ${said}`)));
    setTimeout(() => reject(new Error(`VS Code did not start: ${said}`)), START_MS).unref();
  });
}

class Workbench {
  constructor(server, port, browser) {
    this.server = server;
    this.port = port;
    this.browser = browser;
  }

  /** How VS Code names a file of this machine. */
  uri(file) {
    return `vscode-remote://127.0.0.1:${this.port}${file}`;
  }

  /** A page that shows `folder`; `prepare` may add to it before it loads. */
  async open({ folder, height = 560, payload = {}, prepare = async () => {} }) {
    const context = await this.browser.newContext({ viewport: { width: 1000, height } });
    const page = await context.newPage();
    await prepare(page);
    const query = new URLSearchParams({ payload: JSON.stringify(Object.entries(payload)) });
    if (folder === undefined) {
      query.set("ew", "true");
    } else {
      query.set("folder", folder);
    }
    await page.goto(`http://127.0.0.1:${this.port}/?${query}`, { waitUntil: "domcontentloaded" });
    return page;
  }

  async close() {
    await this.browser.close();
    this.server.removeAllListeners("exit");
    this.server.kill();
  }
}

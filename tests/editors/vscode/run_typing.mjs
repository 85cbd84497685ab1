/**
 * Types into the installed extension as a person does, and looks at what a person sees.
 *
 * usage: node run_typing.mjs OPTIONS   (JSON: those of workbench.mjs, folder,
 * file, screenshots, steps and patienceMs). A step is one of
 *     {"type": TEXT, "delayMs": 15}     keys, one by one
 *     {"press": KEY}                    one key, in Playwright's notation
 *     {"ghost": TEXT}                   waits until exactly that is shown as ghost text
 *     {"noGhost": MS}                   fails if any is shown within that time
 *     {"status": TEXT}                  waits until the status bar item says that
 *     {"file": TEXT}                    saves, and waits until the file on disk is that
 *     {"see": TEXT}                     waits until the page holds that
 *     {"run": NAME}                     a command, by its title in the command palette
 *     {"activation": true}              prints how long VS Code says that the activation took
 *     {"shot": NAME}                    takes a screenshot
 */

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { start } from "./workbench.mjs";

const PATIENCE_MS = 60_000; // unless the options say otherwise
const POLL_MS = 20;

const STEPS = {
  type: ({ type, delayMs = 15 }) => page.keyboard.type(type, { delay: delayMs }),
  press: ({ press }) => page.keyboard.press(press),
  ghost: ({ ghost }) => until(`the ghost text ${ghost}`, async () => (await ghostText()) === ghost),
  status: ({ status }) =>
    until(`the status ${status}`, async () => (await statusText()).includes(status)),
  see: ({ see }) =>
    until(`${see} on the page`, async () => (await page.locator("body").innerText()).includes(see)),
  shot: ({ shot }) => shoot(shot),
  async noGhost({ noGhost }) {
    const deadline = Date.now() + noGhost;
    while (Date.now() < deadline) {
      const text = await ghostText();
      if (text !== "") {
        throw new Error(`ghost text that should not be there: ${text}`);
      }
      await page.waitForTimeout(POLL_MS);
    }
  },
  async file({ file: text }, file) {
    await page.keyboard.press("Control+s");
    const content = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
    await until(`the file to be ${text}`, () => content() === text).catch((error) => {
      throw new Error(`${error.message}; it is ${content()}`);
    });
  },
  async run({ run }) {
    await page.keyboard.press("F1");
    await page.keyboard.type(run);
    await page.waitForTimeout(300);
    await page.keyboard.press("Enter");
  },
  async activation() {
    await STEPS.run({ run: "Developer: Show Running Extensions" });
    const row = page.locator(".runtime-extensions-editor .extension", { hasText: "codegen-lsp" });
    const time = await row.locator(".activation-time").textContent({ timeout: PATIENCE_MS });
    console.log(`typing: ${time}`);
  },
};

const options = JSON.parse(process.argv[2]);
const workbench = await start(options);
let page;
try {
  const file = options.file && path.join(options.folder, options.file);
  const payload = file ? { openFile: workbench.uri(file) } : {};
  page = await workbench.open({ folder: options.folder, payload });
  if (file) {
    await page.click(".monaco-editor .view-lines", { timeout: PATIENCE_MS });
  }
  for (const step of options.steps) {
    const [[kind]] = Object.entries(step);
    await STEPS[kind](step, file);
    console.log(`typing: did ${JSON.stringify(step)}`);
  }
} catch (error) {
  await shoot("failed");
  console.log(`typing: FAILED ${error.stack}`);
  process.exitCode = 1;
} finally {
  await workbench.close();
}

/** The ghost text on the screen, its lines divided by line breaks. */
async function ghostText() {
  const parts = await page.evaluate(() => {
    const all = (selector) =>
      [...document.querySelectorAll(selector)].map((each) => each.textContent);
    const inline = all(".monaco-editor .ghost-text-decoration, .monaco-editor .ghost-text-decoration-preview");
    const below = all(".monaco-editor .suggest-preview-text .view-line, .monaco-editor .ghost-text .view-line");
    return [inline.join(""), ...below];
  });
  return parts.join("\n").replace(/\u00a0/g, " ").trimEnd();
}

/** What the item of the extension in the status bar says. */
async function statusText() {
  const item = page.locator('.statusbar-item[id*="codegen-lsp"]');
  return (await item.count()) > 0 ? ((await item.first().getAttribute("aria-label")) ?? "") : "";
}

async function until(what, condition) {
  const deadline = Date.now() + (options.patienceMs ?? PATIENCE_MS);
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`waited in vain for ${what}; the ghost text is ${await ghostText()}`);
    }
    await page.waitForTimeout(POLL_MS);
  }
}

async function shoot(name) {
  mkdirSync(options.screenshots, { recursive: true });
  await page?.screenshot({ path: path.join(options.screenshots, `${name}.png`) });
}

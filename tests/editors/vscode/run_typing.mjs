/**
 * Types into the installed extension as a person does, and looks at what a person sees.
 *
 * usage: node run_typing.mjs OPTIONS   (JSON: those of workbench.mjs, folder,
 * file, screenshots, steps, height and patienceMs). A step is one of
 *     {"type": TEXT, "delayMs": 15}     keys, one by one
 *     {"press": KEY}                    one key, in Playwright's notation
 *     {"ghost": TEXT}                   waits until exactly that is shown as ghost text
 *     {"pause": MS}                     nothing
 *     {"status": TEXT}                  waits until the status bar item says that
 *     {"file": TEXT}                    saves, and waits until the file on disk is that
 *     {"click": TEXT}                   the first button with that label
 *     {"watch": true}                   from now on notes which ghost text is shown behind what
 *     {"fresh": LENGTH}                 fails if a noted ghost text was for another text; LENGTH
 *                                       characters stand before the cursor's line
 *     {"touch": FILE}                   makes a file
 *     {"see": TEXT}                     waits until the page holds that
 *     {"run": NAME}                     a command, by its title in the command palette
 *     {"activation": true}              prints how long VS Code says that the activation took
 *     {"shot": NAME}                    takes a screenshot
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
  click: ({ click }) =>
    page.locator("a.monaco-button", { hasText: click }).first().click({ timeout: PATIENCE_MS }),
  touch: ({ touch }) => writeFileSync(touch, ""),
  watch: () => page.evaluate(watchGhostText),
  async fresh({ fresh }) {
    const noted = await page.evaluate(() => globalThis.notedGhostText);
    const wrong = noted.filter(({ line, offset }) => offset !== fresh + line.length);
    console.log(`typing: ${noted.length} ghost texts were shown, ${wrong.length} of them wrongly`);
    if (noted.length === 0 || wrong.length > 0) {
      throw new Error(`for another text: ${JSON.stringify(wrong)}`);
    }
  },
  see: ({ see }) =>
    until(`${see} on the page`, async () => (await page.locator("body").innerText()).includes(see)),
  pause: ({ pause }) => page.waitForTimeout(pause),
  shot: ({ shot }) => shoot(shot),
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
  page = await workbench.open({ ...options, payload });
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

/**
 * Runs in the page: notes the offset that each ghost text was made for (the scripted model reports
 * it) and the typed part of the line that it is shown in.
 */
function watchGhostText() {
  globalThis.notedGhostText = [];
  const note = () => {
    const ghosts = [...document.querySelectorAll(".monaco-editor .ghost-text-decoration")];
    const ghost = ghosts
      .map((each) => each.textContent)
      .join("")
      .replace(/\u00a0/g, " ");
    const found = /"offset": (\d+)/.exec(ghost);
    if (found) {
      const line = ghosts[0].closest(".view-line").textContent.replace(/\u00a0/g, " ");
      const typed = line.slice(0, line.indexOf(ghost));
      globalThis.notedGhostText.push({ line: typed, offset: Number(found[1]) });
    }
  };
  const observed = { subtree: true, childList: true, characterData: true };
  new MutationObserver(note).observe(document.body, observed);
}

/** The ghost text on the screen, its lines divided by line breaks. */
async function ghostText() {
  const parts = await page.evaluate(() => {
    const all = (selector) =>
      [...document.querySelectorAll(selector)].map((each) => each.textContent);
    const inline = all(
      ".monaco-editor .ghost-text-decoration, .monaco-editor .ghost-text-decoration-preview",
    );
    const below = all(
      ".monaco-editor .suggest-preview-text .view-line, .monaco-editor .ghost-text .view-line",
    );
    return [inline.join(""), ...below];
  });
  return parts
    .join("\n")
    .replace(/\u00a0/g, " ")
    .trimEnd();
}

/** What the item of the extension in the status bar says. */
async function statusText() {
  const item = page.locator('.statusbar-item[id*="codegen-lsp"]');
  if ((await item.count()) === 0) {
    return "";
  }
  const label = await item.first().getAttribute("aria-label");
  return `${label} ${await item.first().innerText()}`;
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

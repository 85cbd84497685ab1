/**
 * Types into the installed extension as a person does, and looks at what a person sees.
 *
 * usage: node run_typing.mjs OPTIONS   (JSON: those of workbench.mjs, folder,
 * file, screenshots, steps, height and patienceMs). A step is one of
 *     {"type": TEXT, "delayMs": 15}     keys, one by one
 *     {"press": KEY}                    one key, in Playwright's notation
 *     {"ghost": TEXT}                   waits until exactly that is shown as ghost text
 *     {"glimpse": TEXT}                 waits until ghost text holds that
 *     {"pause": MS}                     nothing
 *     {"status": TEXT}                  waits until the status bar item says that
 *     {"file": TEXT}                    saves, and waits until the file on disk is that
 *     {"save": TEXT, "after": BEGIN}    saves, and waits until the file on disk holds that after BEGIN
 *     {"click": TEXT}                   the first button with that label
 *     {"watch": true}                   from now on notes which ghost text is shown behind what
 *     {"fresh": LENGTH}                 fails if a noted ghost text was for another text; LENGTH
 *                                       characters stand before the cursor's line
 *     {"newest": OFFSET}                waits until the ghost text for that offset is shown
 *     {"delays": FILE}                  prints how long after the times in FILE (timed_server.py) the
 *                                       noted ghost texts were seen
 *     {"touch": FILE}                   makes a file
 *     {"made": FILE}                    waits until the file is there
 *     {"gone": FILE}                    waits until the file is not there
 *     {"unseen": TEXT}                  fails if the page holds that
 *     {"see": TEXT}                     waits until the page holds that
 *     {"run": NAME}                     a command, by its title in the command palette
 *     {"again": NAMES, "until": TEXT}   these commands, one after the other, until the page holds that
 *     {"activation": true}              prints how long VS Code says that the activation took
 *     {"shot": NAME}                    takes a screenshot
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { delaysOf, ghostText, notedGhostText, watchGhostText } from "./ghost_text.mjs";
import { start } from "./workbench.mjs";

const PATIENCE_MS = 60_000; // unless the options say otherwise
const POLL_MS = 20;
const AGAIN_MS = 1000;
const APPEARS_MS = 2000; // a key that comes while the page is busy can be lost

const STEPS = {
  type: ({ type, delayMs = 15 }) => page.keyboard.type(type, { delay: delayMs }),
  press: ({ press }) => page.keyboard.press(press),
  ghost: ({ ghost }) =>
    until(`the ghost text ${ghost}`, async () => (await ghostText(page)) === ghost),
  status: ({ status }) =>
    until(`the status ${status}`, async () => (await statusText()).includes(status)),
  click: ({ click }) => {
    const button = page.locator("a.monaco-button").getByText(click, { exact: true });
    return button.first().click({ timeout: PATIENCE_MS });
  },
  touch: ({ touch }) => writeFileSync(touch, ""),
  watch: () => watchGhostText(page),
  async fresh({ fresh }) {
    const noted = await notedGhostText(page);
    const wrong = noted.filter(({ line, offset }) => offset !== fresh + line.length);
    console.log(`typing: ${noted.length} ghost texts were shown, ${wrong.length} of them wrongly`);
    if (noted.length === 0 || wrong.length > 0) {
      throw new Error(`for another text: ${JSON.stringify(wrong)}`);
    }
  },
  glimpse: ({ glimpse }) =>
    until(`ghost text with ${glimpse}`, async () => (await ghostText(page)).includes(glimpse)),
  newest: ({ newest }) =>
    until(`the ghost text for ${newest}`, async () =>
      (await ghostText(page)).includes(`"offset": ${newest}`),
    ),
  async delays({ delays: file }) {
    const delays = delaysOf(await notedGhostText(page), readFileSync(file, "utf8"));
    const [median, late] = [0.5, 0.95].map((part) => delays[Math.floor(part * delays.length)]);
    console.log(
      `typing: ghost text after ${median.toFixed(0)} ms (median), ${late.toFixed(0)} ms (p95), ` +
        `${delays.length} times`,
    );
  },
  made: ({ made }) => until(`${made} to be there`, () => existsSync(made)),
  gone: ({ gone }) => until(`${gone} to be gone`, () => !existsSync(gone)),
  see: ({ see }) => until(`${see} on the page`, () => isOnPage(see)),
  async unseen({ unseen }) {
    if (await isOnPage(unseen)) {
      throw new Error(`${unseen} is on the page`);
    }
  },
  again: ({ again, until: text }) =>
    until(`${text} on the page`, async () => {
      for (const run of again) {
        await STEPS.run({ run });
        await page.waitForTimeout(AGAIN_MS);
      }
      return isOnPage(text);
    }),
  pause: ({ pause }) => page.waitForTimeout(pause),
  shot: ({ shot }) => shoot(shot),
  async file({ file: text }, file) {
    await page.keyboard.press("Control+s");
    const content = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
    await until(`the file to be ${text}`, () => content() === text).catch((error) => {
      throw new Error(`${error.message}; it is ${content()}`);
    });
  },
  async save({ save, after = "" }, file) {
    await page.keyboard.press("Control+s");
    await until(`${save} in the file`, () => {
      const content = readFileSync(file, "utf8");
      return content.startsWith(after) && content.slice(after.length).includes(save);
    });
  },
  async run({ run }) {
    const palette = page.locator(".quick-input-widget .quick-input-box input:visible");
    do {
      await page.keyboard.press("F1");
    } while (!(await appears(palette)));
    await palette.fill(`>${run}`);
    const row = page.locator(".quick-input-widget .monaco-list-row.focused", { hasText: run });
    await row.waitFor({ timeout: PATIENCE_MS });
    await palette.press("Enter");
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

async function appears(element) {
  const shown = element.waitFor({ timeout: APPEARS_MS });
  return shown.then(
    () => true,
    () => false,
  );
}

async function isOnPage(text) {
  return (await page.locator("body").innerText()).replace(/\u00a0/g, " ").includes(text);
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
      throw new Error(`waited in vain for ${what}; the ghost text is ${await ghostText(page)}`);
    }
    await page.waitForTimeout(POLL_MS);
  }
}

async function shoot(name) {
  mkdirSync(options.screenshots, { recursive: true });
  await page?.screenshot({ path: path.join(options.screenshots, `${name}.png`) });
}

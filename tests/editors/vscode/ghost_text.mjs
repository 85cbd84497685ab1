/** What a person sees of ghost text, and when. */

/** The ghost text on the screen, its lines divided by line breaks. */
export async function ghostText(page) {
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

/**
 * From now on notes each ghost text: the offset that it was made for (the scripted model reports it),
 * the typed part of the line that it is shown in, and when, in milliseconds since 1970.
 */
export async function watchGhostText(page) {
  await page.evaluate(() => {
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
        const offset = Number(found[1]);
        globalThis.notedGhostText.push({ line: typed, offset, at: Date.now() });
      }
    };
    const observed = { subtree: true, childList: true, characterData: true };
    new MutationObserver(note).observe(document.body, observed);
  });
}

/** What watchGhostText has noted so far. */
export async function notedGhostText(page) {
  return page.evaluate(() => globalThis.notedGhostText);
}

/**
 * How long after it was sent each suggestion was first seen, in milliseconds, in order of length;
 * `sent` is what timed_server.py has noted.
 */
export function delaysOf(noted, sent) {
  const times = sent.trim().split("\n");
  return times
    .map((line) => line.split(" ").map(Number))
    .flatMap(([offset, sentAt]) => {
      const seen = noted.find((each) => each.offset === offset);
      return seen === undefined ? [] : [seen.at - sentAt];
    })
    .sort((one, other) => one - other);
}

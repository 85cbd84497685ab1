/**
 * What may be installed as the server: a folder with its source, a wheel, or what else pip takes.
 *
 * Knows no VS Code.
 */

import { existsSync } from "node:fs";
import * as path from "node:path";

const URL_BEGINNING = /^[\w+.-]+:\/\/|^[\w.-]+(\[.*\])? *@/;
const PATH_BEGINNING = /^[.~]|[/\\]/;

/** `typed` as it is given to pip; `home` is what `~` stands for. */
export function asRequirement(typed: string, home: string): string {
  const trimmed = typed.trim();
  return isPath(trimmed) ? trimmed.replace(/^~(?=\/|\\|$)/, () => home) : trimmed;
}

/** Why `typed` cannot be installed; undefined where it may be. */
export function problemWith(typed: string, home: string): string | undefined {
  const requirement = asRequirement(typed, home);
  if (requirement === "") {
    return "Name a folder or a wheel; Escape installs nothing.";
  }
  if (requirement.startsWith("-")) {
    return "What begins with - would be an option of pip.";
  }
  if (!isPath(requirement)) {
    return undefined;
  }
  if (!path.isAbsolute(requirement)) {
    return "Give the absolute path, or one that begins with ~.";
  }
  return existsSync(requirement) ? undefined : `There is no ${requirement}.`;
}

function isPath(requirement: string): boolean {
  return !URL_BEGINNING.test(requirement) && PATH_BEGINNING.test(requirement);
}

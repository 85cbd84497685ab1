/**
 * Finds the program that starts the language server, and says where it was found.
 *
 * Knows no VS Code: what may be looked at is decided by whoever asks.
 */

import { access, constants, stat } from "node:fs/promises";
import * as path from "node:path";

const IS_WINDOWS = process.platform === "win32";
const NAME = IS_WINDOWS ? "codegen-lsp.exe" : "codegen-lsp";
const ENVIRONMENTS = [".venv", "venv"];

/** Where a program was found. */
export type Origin = "setting" | "workspace" | "PATH" | "own environment";

/** A program that understands the commands of `codegen-lsp`. */
export interface Program {
  readonly path: string;
  readonly origin: Origin;
}

/** Where to look, in this order. */
export interface Places {
  /** Path that the user has set; where there is one, nothing else counts. */
  readonly configured: string;
  /** Folders whose virtual environments count: those of a trusted workspace. */
  readonly folders: readonly string[];
  /** The environment variable PATH. */
  readonly searchPath: string;
  /** The environment that this extension installs into. */
  readonly own: string;
  /** What `~` stands for. */
  readonly home: string;
}

/** The program that the user has set is none. */
export class NotAProgramError extends Error {}

/**
 * The first program at these places; undefined where there is none.
 *
 * @throws NotAProgramError if the configured path is no program that can be started.
 */
export async function findServer(places: Places): Promise<Program | undefined> {
  if (places.configured !== "") {
    return { path: await configuredProgram(places), origin: "setting" };
  }
  const environments = places.folders.flatMap((folder) =>
    ENVIRONMENTS.map((name) => path.join(folder, name)),
  );
  const folders = places.searchPath.split(path.delimiter).filter(path.isAbsolute);
  const candidates: Program[] = [
    ...environments.map((each): Program => ({ path: programIn(each), origin: "workspace" })),
    ...folders.map((each): Program => ({ path: path.join(each, NAME), origin: "PATH" })),
    { path: programIn(places.own), origin: "own environment" },
  ];
  for (const candidate of candidates) {
    if (await isProgram(candidate.path)) {
      return candidate;
    }
  }
  return undefined;
}

/** The path of a program called `name` in one of the folders of PATH; undefined without one. */
export async function findOnPath(name: string, searchPath: string): Promise<string | undefined> {
  const file = IS_WINDOWS ? `${name}.exe` : name;
  for (const folder of searchPath.split(path.delimiter).filter(path.isAbsolute)) {
    if (await isProgram(path.join(folder, file))) {
      return path.join(folder, file);
    }
  }
  return undefined;
}

/** Where a virtual environment has the program called `name`, such as `python`. */
export function inEnvironment(environment: string, name: string): string {
  return IS_WINDOWS
    ? path.join(environment, "Scripts", `${name}.exe`)
    : path.join(environment, "bin", name);
}

function programIn(environment: string): string {
  return inEnvironment(environment, "codegen-lsp");
}

async function configuredProgram(places: Places): Promise<string> {
  const configured = places.configured.replace(/^~(?=\/|\\|$)/, () => places.home);
  if (!path.isAbsolute(configured) || !(await isProgram(configured))) {
    throw new NotAProgramError(
      `the setting codegen-lsp.server.path names ${places.configured}, which is no program; ` +
        "give the absolute path of codegen-lsp, or nothing",
    );
  }
  return configured;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

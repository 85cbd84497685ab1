/** The user's settings, as far as the user has made them. */

import { type ExtensionContext, workspace } from "vscode";

/** What all our settings, commands and messages begin with. */
export const SECTION = "codegen-lsp";

/** Settings of the extension itself, of which the server knows nothing. */
const OWN = /^server\./;

/** Names of the settings that the server has, as the extension's manifest lists them. */
export function serverSettings(context: ExtensionContext): string[] {
  const properties: object = context.extension.packageJSON.contributes.configuration.properties;
  return Object.keys(properties)
    .map((key) => key.slice(SECTION.length + 1))
    .filter((name) => !OWN.test(name));
}

/**
 * The settings that someone has made, by their names.
 *
 * VS Code would tell the defaults of the manifest too, and they would win over what the user's
 * config.toml and the project's file say.
 */
export function chosenSettings(names: readonly string[]): Record<string, unknown> {
  const configuration = workspace.getConfiguration(SECTION);
  return Object.fromEntries(
    names.filter(isChosen).map((name): [string, unknown] => [name, configuration.get(name)]),
  );
}

/** Sets `name` for the user, in all workspaces. */
export async function choose(name: string, value: unknown): Promise<void> {
  await workspace.getConfiguration(SECTION).update(name, value, true);
}

/** The value of `name` that holds now. */
export function setting<T>(name: string, otherwise: T): T {
  return workspace.getConfiguration(SECTION).get<T>(name, otherwise);
}

function isChosen(name: string): boolean {
  const found = workspace.getConfiguration(SECTION).inspect(name);
  return (
    found?.globalValue !== undefined ||
    found?.workspaceValue !== undefined ||
    found?.workspaceFolderValue !== undefined
  );
}

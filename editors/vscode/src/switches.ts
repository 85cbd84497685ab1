/** Where the user wants suggestions: everywhere, in which languages, in which files. */

import { type Memento, type TextDocument, window } from "vscode";

import { choose, setting } from "./settings";

const FILES = "filesWithout";

/** The user's choices; those for files are kept for the workspace. */
export class Switches {
  constructor(private readonly memory: Memento) {}

  /** Why `document` gets no suggestions while typing; undefined where it gets some. */
  off(document: TextDocument | undefined): string | undefined {
    if (!this.isAutomatic()) {
      return "off: suggestions come only when asked for";
    }
    if (document !== undefined && this.isLanguageOff(document.languageId)) {
      return `off for ${document.languageId}`;
    }
    return document !== undefined && this.isFileOff(document) ? "off for this file" : undefined;
  }

  isAutomatic(): boolean {
    return setting("automatic", true);
  }

  isLanguageOff(language: string): boolean {
    return setting<string[]>("disabledLanguages", []).includes(language);
  }

  isFileOff(document: TextDocument): boolean {
    return this.files().includes(fileOf(document));
  }

  async switchAutomatic(): Promise<void> {
    await choose("automatic", !this.isAutomatic());
  }

  async switchLanguage(language: string): Promise<void> {
    await choose("disabledLanguages", toggled(setting("disabledLanguages", []), language));
  }

  async switchFile(document: TextDocument): Promise<void> {
    await this.memory.update(FILES, toggled(this.files(), fileOf(document)));
  }

  private files(): string[] {
    return this.memory.get<string[]>(FILES, []);
  }
}

/** The document where the user is. */
export function currentDocument(): TextDocument | undefined {
  return window.activeTextEditor?.document;
}

/** What `document` is a part of: for a cell, the whole notebook. */
function fileOf(document: TextDocument): string {
  return document.uri.with({ fragment: "" }).toString();
}

function toggled(list: readonly string[], each: string): string[] {
  return list.includes(each) ? list.filter((other) => other !== each) : [...list, each];
}

/** The status bar item: what the extension is doing, and the way to its menu. */

import { type Disposable, StatusBarAlignment, ThemeColor, window } from "vscode";

import { type Appearance, appearanceOf, type Facts } from "./appearance";

/** So long a wait is not worth a flicker, in milliseconds. */
const UNSEEN_MS = 150;

/** Keeps the facts and shows what follows from them. */
export class Status implements Disposable {
  private readonly item = window.createStatusBarItem("status", StatusBarAlignment.Right, 100);
  private facts: Facts = { server: "starting", isThinking: false };
  private waiting = 0;

  constructor() {
    this.item.name = "codegen-lsp";
    this.item.command = "codegen-lsp.menu";
    this.show();
    this.item.show();
  }

  /** What is to be seen now. */
  get appearance(): Appearance {
    return appearanceOf(this.facts);
  }

  /** What is known now. */
  get known(): Facts {
    return this.facts;
  }

  /** Some facts have changed. */
  change(facts: Partial<Facts>): void {
    this.facts = { ...this.facts, ...facts };
    this.show();
  }

  /** Shows that the user waits, as long as `work` lasts. */
  async during<T>(work: PromiseLike<T>): Promise<T> {
    this.waiting += 1;
    const timer = setTimeout(() => this.change({ isThinking: true }), UNSEEN_MS);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      this.waiting -= 1;
      if (this.waiting === 0 && this.facts.isThinking) {
        this.change({ isThinking: false });
      }
    }
  }

  dispose(): void {
    this.item.dispose();
  }

  private show(): void {
    const { state, text, message } = this.appearance;
    this.item.text = text;
    this.item.tooltip = `codegen-lsp: ${message}`;
    this.item.accessibilityInformation = { label: `codegen-lsp: ${message}`, role: "button" };
    this.item.backgroundColor =
      state === "problem" ? new ThemeColor("statusBarItem.warningBackground") : undefined;
  }
}

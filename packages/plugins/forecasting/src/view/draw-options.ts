/** How things are drawn. */
import type { ViewWords } from "./view-words.ts";

export interface DrawOptions {
  /** A language tag, by which figures are written; "en" unless given. */
  readonly locale?: string | undefined;
  /** The words that are not data, in another language than English: all, or some of them. */
  readonly words?: Partial<ViewWords> | undefined;
}

export interface DrawFanOptions extends DrawOptions {
  /** Lines of text, or a picture as a file of its own; "text" unless given. */
  readonly as?: "text" | "svg" | undefined;
}

export interface DrawChangesOptions extends DrawFanOptions {
  /** The currency that a picture is of, where changes are in several. */
  readonly unit?: string | undefined;
}

/** How things are drawn. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { type ViewWords, wordsWith } from "./view-words.ts";

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

const optionsSchema = z.strictObject({
  locale: z.string().refine(isLocale, 'is no language tag, such as "en" or "zh-TW"').default("en"),
  words: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]).optional()).optional(),
  as: z.enum(["text", "svg"]).optional(),
  unit: z.string().optional(),
});

/** @throws `invalid_input` */
export function checkedOptions(options: DrawOptions): { readonly locale: string; readonly words: ViewWords } {
  const result = optionsSchema.safeParse(options);
  if (!result.success) throw invalidInput("drawing", inputIssues(result.error.issues, options));
  return { locale: result.data.locale, words: wordsWith(options.words) };
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

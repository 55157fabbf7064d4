/** For messages about failures of code that is not ours. */

/** What was thrown, or given, in words, whatever it is. */
export function wordsOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return "something that cannot be printed";
  }
}

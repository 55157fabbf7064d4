/** Finds the known name that a written one means. */

export interface NameMatch {
  readonly name: string;
  readonly exact: boolean;
}

/** Undefined when no known name is meant, or when two are, by their letters and digits alone. */
export function createNameMatcher(known: readonly string[]): (written: string) => NameMatch | undefined {
  const exact = new Set(known);
  const byLetters = new Map<string, string[]>();
  for (const name of exact) byLetters.set(letters(name), [...(byLetters.get(letters(name)) ?? []), name]);
  return (written) => {
    if (exact.has(written)) return { name: written, exact: true };
    const [name, another] = byLetters.get(letters(written)) ?? [];
    return name === undefined || another !== undefined || letters(name) === "" ? undefined : { name, exact: false };
  };
}

/** Without case, blanks and punctuation: "GTX Pro", "GTXPro" and "gtx-pro" are the same. */
function letters(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

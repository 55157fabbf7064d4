/** Looks up the names that one file writes in another, noting what is repaired and what is unknown. */
import type { CsvProblem } from "./csv-error.ts";
import type { Findings } from "./findings.ts";
import { createNameMatcher } from "./match-name.ts";

/** Where the findings and the problems of one cleaning go. */
export interface Notes {
  readonly findings: Findings;
  readonly problems: CsvProblem[];
}

/** What the names are of ("product"), which there are, and which file lists them. */
export interface Known {
  readonly noun: string;
  readonly names: readonly string[];
  readonly file: string;
}

/** The place of a written name. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: string;
}

/** The known name that is meant. One that nothing resembles is a problem, and is returned as it is written. */
export type NameLookup = (written: string, place: Place) => string;

export function createNameLookup({ noun, names, file }: Known, { findings, problems }: Notes): NameLookup {
  const match = createNameMatcher(names);
  return (written, place) => {
    const found = match(written);
    if (found === undefined) {
      problems.push({ ...place, message: `"${written}" is no ${noun} of ${file}` });
      return written;
    }
    if (!found.exact) {
      findings.note(
        `${place.file}: ${noun} "${written}"`,
        `read as "${found.name}" of ${file}: the same letters and digits`,
      );
    }
    return found.name;
  };
}

/** What an import of relationships tells. */

/**
 * - `invalid`: a value that cannot be, such as a strength of 2, or a thing that is not named;
 * - `bad_days`: days that do not exist, cannot be read for sure, contradict each other, or end before they begin;
 * - `no_whole_day`: it begins and ends on one day, where ends are exclusive;
 * - `unknown_thing`: no live record is named so;
 * - `no_role`: nothing says what relationship it is; `unmapped_role`: no rule and no type knows the role; `ambiguous_role`: several types do;
 * - `unknown_type`: there is no type of this key;
 * - `mirror`: an earlier row says the same, from the other side; `double`: an earlier row says the same;
 * - `differs`: what has this key is there already, and is different; `retracted`: it was imported before, and somebody said that it never was;
 * - `refused`: the rules of its type or its office do not allow it, with their `code`.
 */
export const importProblems = [
  ...(["invalid", "bad_days", "no_whole_day", "unknown_thing", "no_role", "unmapped_role"] as const),
  ...(["ambiguous_role", "unknown_type", "mirror", "double", "differs", "retracted", "refused"] as const),
] as const;
export type ImportProblem = (typeof importProblems)[number];

/** Rows without a type of their own come in as this one. */
export interface FallbackType {
  readonly type: string;
  /** The attribute that takes the role as it was written; the notes take it unless given. */
  readonly attribute?: string | undefined;
}

/** `reject`: nothing is imported. `skip`: the row is left out. `keep`: what lasts no whole day is taken to last that day. */
export type ImportChoice = "reject" | "skip" | "keep" | FallbackType;

type Fallible = "no_role" | "unmapped_role" | "ambiguous_role";

/** By problem; `otherwise` for those that are not named, but mirrors and doubles: "skip" unless given. */
export type ImportChoices = {
  readonly [P in ImportProblem | "otherwise"]?:
    | (P extends Fallible
        ? "reject" | "skip" | FallbackType
        : P extends "no_whole_day"
          ? "reject" | "skip" | "keep"
          : "reject" | "skip")
    | undefined;
};

/** What is told of a row, and what was done. */
export interface ImportFinding {
  readonly problem: ImportProblem;
  /** That of the rule, for what is `refused`; else the problem. */
  readonly code: string;
  readonly choice: ImportChoice;
  /** Its place in the list, from 0. */
  readonly row: number;
  /** Of CSV: the line on which it begins, from 1. */
  readonly line?: number;
  /** Its own key, where it has one. */
  readonly key?: string;
  /** What it is about: "role", "validFrom"; in the words of `ImportRow`. */
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly role?: string;
  readonly inverseRole?: string;
  /** What it is, and what to do. */
  readonly message: string;
  /** Of mirrors and doubles: the row that says the same. */
  readonly of?: number;
}

/** Roles that mean nothing yet. */
export interface UnmappedRole {
  readonly role?: string;
  readonly inverseRole?: string;
  /** How many relationships are told so, mirrors and doubles aside. */
  readonly count: number;
}

/** Each row is created, unchanged, or left out with a finding. */
export interface ImportReport {
  readonly rows: number;
  readonly created: number;
  /** Those of `created` that came in as a fallback type. */
  readonly fallen: number;
  /** Rows that are stored already, as they are. */
  readonly unchanged: number;
  readonly leftOut: number;
  readonly mirrors: number;
  readonly doubles: number;
  /** By row. */
  readonly findings: readonly ImportFinding[];
  /** By problem, for those that there are. */
  readonly counts: { readonly [P in ImportProblem]?: number };
  /** Most first. */
  readonly unmapped: readonly UnmappedRole[];
  readonly isDryRun: boolean;
}

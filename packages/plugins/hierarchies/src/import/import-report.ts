/** What an import of edges is given, and what it tells. */
import type { AbortSignalLike } from "@relata/core/plugin";
import type { EdgeKind } from "../parts.ts";

/** One account below another, by the keys that `by` says. */
export interface ImportRow {
  readonly child: string;
  /** Null or empty: the account is at the top on these days. */
  readonly parent: string | null;
  readonly kind?: EdgeKind | undefined;
  /** Per cent, exact: "33.33". */
  readonly share?: string | null | undefined;
  readonly validFrom?: string | null | undefined;
  readonly validUntil?: string | null | undefined;
}

/**
 * - `invalid`: a field that cannot be, such as an end before its start; `dangling`: no live account has this key; `ambiguous`: several have it;
 * - `self_loop`, `cycle`; `duplicate`: the same two accounts on the same day again;
 * - `several_parents`: in a tree, another parent on the same day; `top_and_below`: at the top and below a parent on the same day;
 * - `shares_above_whole`: more than 100 % of an account on a day.
 */
export type ImportProblem =
  | "invalid"
  | "dangling"
  | "ambiguous"
  | "self_loop"
  | "duplicate"
  | "several_parents"
  | "top_and_below"
  | "shares_above_whole"
  | "cycle";

/** `reject`: nothing is imported; `detach`: the row is left out, and the account is without this parent; `graph`: the hierarchy becomes a graph. */
export type ImportChoice = "reject" | "detach" | "graph";

/** By problem; `otherwise` for those that are not named: "reject" unless given. */
export type ImportChoices = {
  readonly [P in ImportProblem | "otherwise"]?: P extends "several_parents"
    ? ImportChoice | undefined
    : Exclude<ImportChoice, "graph"> | undefined;
};

export interface ImportOptions {
  /** The key of the hierarchy; "default" unless given, which keeps neither days nor shares nor kinds, and stays a tree. */
  readonly hierarchy?: string | undefined;
  /** What `child` and `parent` are: ids, unless given; the text of a field; or keys in another system (`externalIds`). */
  readonly by?: { readonly field: string } | { readonly source: string } | undefined;
  /** Whether `validUntil` is the last day, or the day after it. "included" unless given. */
  readonly ends?: "included" | "excluded" | undefined;
  /**
   * What edges that are stored are to rows about the same accounts on the same days: they stay, and the rows are findings (`keep`, unless
   * given); or they make room (`replace`).
   */
  readonly existing?: "keep" | "replace" | undefined;
  readonly choices?: ImportChoices | undefined;
  /** Only tells what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Once it is aborted, no more rows are read, and nothing is stored. */
  readonly signal?: AbortSignalLike | undefined;
}

/** What is wrong with a row, and what was done. */
export interface ImportFinding {
  readonly problem: ImportProblem;
  readonly choice: ImportChoice;
  /** Its place in the list, from 0. */
  readonly row: number;
  readonly child: string;
  readonly parent: string | null;
  readonly message: string;
  /** Of a cycle: the ids of the accounts, from one up to its parents, until it is there again. */
  readonly path?: readonly string[];
}

/** Each row is created, unchanged, at the top, or left out with a finding. */
export interface ImportReport {
  readonly created: number;
  /** Rows that are stored already, as they are. */
  readonly unchanged: number;
  /** Rows by which an account is at the top: it stands nowhere else on their days. */
  readonly atTop: number;
  readonly leftOut: number;
  readonly findings: readonly ImportFinding[];
  /** What the hierarchy is afterwards. */
  readonly shape: "tree" | "graph";
}

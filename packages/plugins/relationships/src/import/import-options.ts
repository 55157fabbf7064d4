/** What an import of relationships is given. */
import type { AbortSignalLike, LongWork, RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema } from "../asked.ts";
import { once } from "../once.ts";
import { type FallbackType, type ImportChoices, type ImportFinding, importProblems } from "./import-report.ts";
import type { RoleReading } from "./parse-role.ts";
import type { CsvSource } from "./read-csv.ts";
import type { TextSource } from "./read-text.ts";
import type { RoleRule } from "./role-rules.ts";
import { tenses } from "./role-words.ts";
import type { ImportRow } from "./source-row.ts";

/** The records of these keys, by key; those that nobody has are absent. Called with at most 1,000 keys. */
export type ResolveThings = (keys: readonly string[]) => Promise<ReadonlyMap<string, RecordReference>>;

/** How the things at one end are named. */
export interface EndOptions {
  /** Their entity, unless a column says it. */
  readonly entity?: string | undefined;
  /** By their ids, unless given; by their keys in another system (`externalIds`); or as the function says. */
  readonly by?: "id" | { readonly source: string } | { readonly resolve: ResolveThings } | undefined;
}

/** What columns can say. */
export const rowFields = [
  ...(["from", "to", "fromEntity", "toEntity", "type", "role", "inverseRole", "office", "validFrom"] as const),
  ...([
    "validFromIs",
    "validUntil",
    "validUntilIs",
    "strength",
    "confidence",
    "isPrimary",
    "basis",
    "source",
    "notes",
    "visibility",
    "key",
    "relationshipId",
    "supersedes",
  ] as const),
] as const;
export type RowField = (typeof rowFields)[number];

/** For each field the name of its column; a field that is not named has the column of its own name. */
export type ImportColumns = { readonly [F in RowField]?: string | undefined } & {
  /** By attribute. */
  readonly attributes?: { readonly [attribute: string]: string } | undefined;
};

/** Rows, also as they come; or text, whole or as a stream: CSV with a header, or JSON, a list of rows or what `exportJson` and `streamJson` write. */
export type ImportSource =
  | Iterable<ImportRow>
  | AsyncIterable<ImportRow>
  | { readonly rows: Iterable<ImportRow> | AsyncIterable<ImportRow> }
  | CsvSource
  | { readonly json: TextSource };

export interface ImportProgress {
  /** How many rows are dealt with: written, there already, or left out. */
  readonly done: number;
  /** How many have been read. */
  readonly read: number;
  /** How many there are; undefined where rows come one after another. */
  readonly rows: number | undefined;
}

/** `onProgress` is called after each unit, and each thousand rows; a `signal` is looked at before them. */
export interface ImportOptions extends RoleReading, LongWork<ImportProgress> {
  readonly columns?: ImportColumns | undefined;
  readonly from?: EndOptions | undefined;
  readonly to?: EndOptions | undefined;
  /** In their order; the names and roles of types follow. */
  readonly rules?: readonly RoleRule[] | undefined;
  /** The type of rows that say none, neither by a key nor by a role. */
  readonly type?: string | undefined;
  /** Each relationship stands there a second time, told from the other side: the role of the one row is the other role of the other one. */
  readonly isToldTwice?: boolean | undefined;
  /** `validUntil` is the day after the last one, where it is a day. */
  readonly endsAreExclusive?: boolean | undefined;
  /** The day on which the source was right: "former" ended before it at the latest. Today, unless given. */
  readonly statedOn?: string | undefined;
  /** Where it comes from, for rows that say no `source`. It stands before the keys of rows too: "parlparse:4413". */
  readonly source?: string | undefined;
  /** Makes what a document of `exportJson` defines and what is not there: types, kinds of engagements and of parties, rules. */
  readonly definesTypes?: boolean | undefined;
  readonly choices?: ImportChoices | undefined;
  /** Stores nothing, and tells the same: in one unit, which is undone. */
  readonly dryRun?: boolean | undefined;
  /** How many relationships are written in one unit: from 1 to 5,000; 500 unless given. */
  readonly unitSize?: number | undefined;
  /** Called with each finding when it is found, not always in the order of the rows; the report has none of them then, for files with very many. */
  readonly onFinding?: ((finding: ImportFinding) => void) | undefined;
}

const text = () => z.string().min(1);
const words = () => z.array(text()).optional();
const pattern = () => z.union([text(), z.instanceof(RegExp)]).optional();
const plain = () => z.enum(["reject", "skip"]).optional();
const fallible = () =>
  z.union([z.enum(["reject", "skip"]), z.strictObject({ type: text(), attribute: text().optional() })]).optional();
const callable = <T>() => z.custom<T>((value) => typeof value === "function", { message: "must be a function" });

/** An `AbortSignal`. */
const signalSchema = z.custom<AbortSignalLike>(
  (value) => typeof value === "object" && value !== null && "throwIfAborted" in value,
  { message: "must be an AbortSignal" },
);

const endSchema = () =>
  z
    .strictObject({
      entity: text().optional(),
      by: z
        .union([
          z.literal("id"),
          z.strictObject({ source: text() }),
          z.strictObject({ resolve: callable<ResolveThings>() }),
        ])
        .default("id"),
    })
    .default({ by: "id" });

export const optionsSchema = once(() =>
  z.strictObject({
    columns: z
      .strictObject({
        ...(Object.fromEntries(rowFields.map((field) => [field, text().optional()])) as Record<
          RowField,
          z.ZodOptional<z.ZodString>
        >),
        attributes: z.record(text(), text()).optional(),
      })
      .default({}),
    from: endSchema(),
    to: endSchema(),
    rules: z
      .array(
        z
          .strictObject({
            ...{ role: pattern(), otherRole: pattern(), equalRoles: z.literal(true).optional() },
            ...{ tense: z.enum(tenses).optional(), type: text(), end: z.enum(["from", "to"]).optional() },
            office: z.union([z.literal(true), z.strictObject({ isSingleHolder: z.boolean() })]).optional(),
            roleAttribute: text().optional(),
            attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
          })
          .refine(({ role, otherRole, equalRoles }) => role ?? otherRole ?? equalRoles, {
            message: "needs a role, an otherRole or equalRoles: a rule for every row is the option type",
          }),
      )
      .default([]),
    type: text().optional(),
    isToldTwice: z.boolean().default(false),
    endsAreExclusive: z.boolean().default(false),
    statedOn: daySchema.optional(),
    source: z.string().min(1).max(100).optional(),
    definesTypes: z.boolean().default(false),
    choices: z
      .strictObject({
        ...(Object.fromEntries(importProblems.map((problem) => [problem, plain()])) as Record<
          Exclude<(typeof importProblems)[number], "no_role" | "unmapped_role" | "ambiguous_role" | "no_whole_day">,
          ReturnType<typeof plain>
        >),
        ...{ no_role: fallible(), unmapped_role: fallible(), ambiguous_role: fallible() },
        no_whole_day: z.enum(["reject", "skip", "keep"]).optional(),
        otherwise: plain(),
      })
      .default({}),
    dryRun: z.boolean().default(false),
    unitSize: z.int().min(1).max(5_000).default(500),
    onProgress: callable<NonNullable<ImportOptions["onProgress"]>>().optional(),
    onFinding: callable<NonNullable<ImportOptions["onFinding"]>>().optional(),
    signal: signalSchema.optional(),
    dateOrder: z.enum(["day_first", "month_first"]).optional(),
    words: z
      .strictObject({
        ...{ former: words(), current: words(), acting: words(), designate: words(), since: words(), until: words() },
        ...{ before: words(), after: words(), by: words(), notBefore: words(), asOf: words(), about: words() },
        ...{ to: words(), present: words() },
      })
      .optional(),
    languages: words(),
  }),
);

export type CheckedOptions = z.output<ReturnType<typeof optionsSchema>>;

export function choiceOf({ choices }: CheckedOptions, problem: (typeof importProblems)[number]) {
  const isFold = problem === "mirror" || problem === "double";
  return choices[problem] ?? (isFold ? "skip" : (choices.otherwise ?? "skip"));
}

/** Whether the choice is a type. */
export function isFallback(choice: unknown): choice is FallbackType {
  return typeof choice === "object" && choice !== null;
}

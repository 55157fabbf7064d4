/** What is counted in a roll-up, checked. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import type { HierarchiesContext } from "../parts.ts";
import { askMeasures } from "./ask-measures.ts";
import type { Asked } from "./figure.ts";
import type { RollUpMeasures } from "./measures.ts";
import { accountPath, type ReferencePath } from "./reference-path.ts";

/** Of which records, and what of them. */
export interface FiguresQuery<Ms extends RollUpMeasures = RollUpMeasures, E extends string = string> {
  /** Whose records are counted: "opportunity", or any other entity of core, of a plugin or of the application. */
  readonly entity: E;
  /**
   * How they refer to accounts: by a reference of theirs, or by way of others ("opportunity.accountId"). Unless given, by the only
   * reference to an account, or by `accountId`; accounts stand for themselves.
   */
  readonly by?: string | undefined;
  /** Which of them, as in a list of them. */
  readonly where?: object | undefined;
  /** Archived records are left out, unless they are asked for. Archived accounts keep their place. */
  readonly archived?: "exclude" | "include" | "only" | undefined;
  readonly measures: Ms;
  /**
   * Sums count what is below by the part that is owned: by the shares along each way, and the ways add up. Counts, extremes and the latest
   * are of everything below, whoever owns how much of it.
   */
  readonly weighted?: boolean | undefined;
}

export interface AskedFigures {
  readonly path: ReferencePath;
  readonly where: object;
  readonly archived: FiguresQuery["archived"];
  readonly measures: readonly Asked[];
  readonly weighted: boolean;
}

const figuresSchema = z.strictObject({
  entity: z.string().min(1),
  by: z.string().min(1).optional(),
  where: z.record(z.string(), z.unknown()).optional(),
  archived: z.enum(["exclude", "include", "only"]).optional(),
  measures: z.unknown(),
  weighted: z.boolean().default(false),
});

/** @throws `invalid_input`, naming each wrong field. */
export function askFigures(context: HierarchiesContext, given: unknown): AskedFigures {
  const result = figuresSchema.safeParse(given);
  if (!result.success) throw invalidInput("rollUp", inputIssues(result.error.issues, given));
  const { entity, by, where = {}, archived, measures, weighted } = result.data;
  const path = accountPath(context.entities(), { entity, by, query: "rollUp" });
  return { path, where, archived, measures: askMeasures("rollUp", path.entity, measures), weighted };
}

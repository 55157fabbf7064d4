/** Makes a program with its levels and plans, or makes it as it is defined. */
import { inputIssues, invalidInput, type Money } from "@relata/core/plugin";
import * as z from "zod";
import type { LevelRecord, MembershipsContext, PlanRecord, ProgramRecord } from "../parts.ts";
import type { StatusRule } from "../status/status-rule.ts";

type Fixed = "id" | "version" | "createdAt" | "createdBy" | "updatedAt" | "updatedBy" | "archivedAt";
type Given<R, Required extends keyof R, Without extends keyof R> = Pick<R, Required> &
  Partial<Omit<R, Required | Without | Fixed>>;

export interface PlanDefinition extends Given<PlanRecord, "key", "levelId" | "price" | "name"> {
  /** Its key unless given. */
  readonly name?: string;
  /** An amount in the program's currency ("120.00"); nothing unless given. */
  readonly price?: string;
}

export interface LevelDefinition extends Given<LevelRecord, "key" | "rank", "programId" | "name"> {
  readonly name?: string;
  readonly plans: readonly PlanDefinition[];
}

export interface ProgramDefinition extends Given<ProgramRecord, "key" | "currency", "name" | "statusRules"> {
  readonly name?: string;
  readonly statusRules?: readonly StatusRule[] | null;
  readonly levels: readonly LevelDefinition[];
}

/** What there is now; levels by their keys, plans by "level/plan". */
export interface DefinedProgram {
  readonly program: ProgramRecord;
  readonly levels: { readonly [key: string]: LevelRecord };
  readonly plans: { readonly [levelAndPlan: string]: PlanRecord };
}

/** What the repositories check themselves is left to them. */
const definitionSchema = z.looseObject({
  key: z.string(),
  currency: z.string(),
  levels: z.array(
    z.looseObject({
      key: z.string(),
      plans: z.array(z.looseObject({ key: z.string(), price: z.string().optional() })),
    }),
  ),
});

/**
 * Programs, levels and plans are known by their keys: those that are there get what is given, those that are not are made, and those that are
 * not named stay. One unit.
 *
 * @throws `invalid_input`, `other_currency`, `status_rules_incomplete`
 */
export async function defineProgram(
  context: MembershipsContext,
  definition: ProgramDefinition,
): Promise<DefinedProgram> {
  const parsed = definitionSchema.safeParse(definition);
  if (!parsed.success) throw invalidInput("membershipProgram", inputIssues(parsed.error.issues, definition));
  const { levels, ...own } = definition;
  return context.transaction(async (tx) => {
    const found = await tx.membershipPrograms.find({ where: { key: own.key }, archived: "include" });
    const given = { name: found?.name ?? own.key, ...own };
    const { currency, ...changes } = given;
    const program = found
      ? await tx.membershipPrograms.update(found.id, found.currency === currency ? changes : given)
      : await tx.membershipPrograms.create(given);
    const made: { [key: string]: LevelRecord } = {};
    const plans: { [key: string]: PlanRecord } = {};
    for (const { plans: defined, ...level } of levels) {
      const record = await defineLevel(tx, program.id, level);
      made[record.key] = record;
      for (const plan of defined)
        plans[`${record.key}/${plan.key}`] = await definePlan(tx, { levelId: record.id, currency, plan });
    }
    return { program, levels: made, plans };
  });
}

async function defineLevel(
  tx: MembershipsContext,
  programId: string,
  level: Omit<LevelDefinition, "plans">,
): Promise<LevelRecord> {
  const found = await tx.membershipLevels.find({ where: { programId, key: level.key }, archived: "include" });
  if (found) return tx.membershipLevels.update(found.id, level);
  return tx.membershipLevels.create({ name: level.key, ...level, programId });
}

async function definePlan(
  tx: MembershipsContext,
  { levelId, currency, plan }: { readonly levelId: string; readonly currency: string; readonly plan: PlanDefinition },
): Promise<PlanRecord> {
  const { price: amount, ...given } = plan;
  const price: { readonly price?: Money } = amount === undefined ? {} : { price: { amount, currency } };
  const found = await tx.membershipPlans.find({ where: { levelId, key: plan.key }, archived: "include" });
  if (found) return tx.membershipPlans.update(found.id, { ...given, ...price });
  return tx.membershipPlans.create({ name: plan.key, price: { amount: "0", currency }, ...given, ...price, levelId });
}

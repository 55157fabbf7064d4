/** Makes the benefits of a program, or makes them as they are defined. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import type { BenefitRecord, MembershipsContext } from "../parts.ts";
import { benefitPeriods } from "./membership-benefit.ts";

export interface BenefitDefinition {
  readonly key: string;
  /** Its key unless given. */
  readonly name?: string;
  /** What the quota is for: a year of the chain unless given. */
  readonly period?: (typeof benefitPeriods)[number];
  readonly carryOver?: "none" | "next_period" | "always";
  readonly maxCarried?: number | null;
  readonly quotaOf?: "membership" | "person";
  /** By the key of a level, how much its members have in each period; null: without limit. */
  readonly levels: { readonly [levelKey: string]: number | null };
}

const definitionsSchema = z.array(
  z.strictObject({
    key: z.string(),
    name: z.string().optional(),
    period: z.enum(benefitPeriods).optional(),
    carryOver: z.enum(["none", "next_period", "always"]).optional(),
    maxCarried: z.number().nullable().optional(),
    quotaOf: z.enum(["membership", "person"]).optional(),
    levels: z.record(z.string(), z.number().int().min(0).nullable()),
  }),
);

/** Benefits are known by their keys, and get exactly the levels that are given; those that are not named stay. One unit. */
export async function defineBenefits(
  context: MembershipsContext,
  programId: string,
  definitions: readonly BenefitDefinition[],
): Promise<{ readonly [key: string]: BenefitRecord }> {
  parsed("membershipBenefit", definitionsSchema, definitions);
  return context.transaction(async (tx) => {
    await tx.membershipPrograms.get(programId);
    const levelIds = new Map<string, string>();
    for await (const { id, key } of tx.membershipLevels.iterate({ where: { programId } })) levelIds.set(key, id);
    const made: { [key: string]: BenefitRecord } = {};
    for (const definition of definitions) {
      const unknown = Object.keys(definition.levels).find((key) => !levelIds.has(key));
      if (unknown !== undefined)
        throw invalidInput("membershipBenefit", [
          {
            ...{ field: "levels", code: "unknown_level" },
            message: `names level "${unknown}", and the program has ${[...levelIds.keys()].join(", ") || "none"}`,
          },
        ]);
      made[definition.key] = await defineBenefit(tx, { programId, definition, levelIds });
    }
    return made;
  });
}

async function defineBenefit(
  tx: MembershipsContext,
  {
    programId,
    definition,
    levelIds,
  }: {
    readonly programId: string;
    readonly definition: BenefitDefinition;
    readonly levelIds: ReadonlyMap<string, string>;
  },
): Promise<BenefitRecord> {
  const { levels, key, ...given } = definition;
  const found = await tx.membershipBenefits.find({ where: { programId, key }, archived: "include" });
  const benefit = found
    ? await tx.membershipBenefits.update(found.id, given)
    : await tx.membershipBenefits.create({ name: key, ...given, key, programId });
  const entitlements = Object.entries(levels).map(([levelKey, quota]) => ({
    ...{ levelId: levelIds.get(levelKey)!, benefitId: benefit.id, quota },
  }));
  await tx.membershipEntitlements.upsertMany(entitlements, { by: ["levelId", "benefitId"] });
  const gone: string[] = [];
  for await (const { id, levelId } of tx.membershipEntitlements.iterate({ where: { benefitId: benefit.id } }))
    if (!entitlements.some((each) => each.levelId === levelId)) gone.push(id);
  if (gone.length > 0) await tx.membershipEntitlements.deleteMany(gone);
  return benefit;
}

interface ProposedEntitlement {
  readonly input: { readonly levelId?: string; readonly benefitId?: string };
  readonly before?: unknown;
}

/** Before entitlements are written, whoever writes them. @throws `invalid_input` for a level and a benefit of two programs */
export async function proposeEntitlements(
  context: MembershipsContext,
  batch: readonly ProposedEntitlement[],
): Promise<void> {
  const created = batch.filter(({ before }) => before === undefined);
  if (created.length === 0) return;
  const programs = new Map<string, string>();
  const levels = { id: { in: [...new Set(created.map(({ input }) => input.levelId!))] } };
  const benefits = { id: { in: [...new Set(created.map(({ input }) => input.benefitId!))] } };
  for await (const { id, programId } of context.membershipLevels.iterate({ where: levels, archived: "include" }))
    programs.set(id, programId);
  for await (const { id, programId } of context.membershipBenefits.iterate({ where: benefits, archived: "include" }))
    programs.set(id, programId);
  for (const { input } of created) {
    const [level, benefit] = [programs.get(input.levelId!), programs.get(input.benefitId!)];
    if (level === undefined || benefit === undefined || level === benefit) continue;
    throw invalidInput("membershipEntitlement", [
      { field: "benefitId", code: "not_allowed", message: "is of another program than the level" },
    ]);
  }
}

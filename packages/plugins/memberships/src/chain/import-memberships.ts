/** Chains that are known from elsewhere: many at once, as they are. */
import { type InputIssue, inputIssues, invalidInput, isMoney } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, type Party } from "../asked.ts";
import type { MembershipRecord, MembershipsContext, PlanRecord } from "../parts.ts";
import { dayAfter } from "../status/day-offset.ts";
import { statusesOn } from "../status/statuses-on.ts";
import { type ReadPlan, readPlan } from "./read-chain.ts";
import { rewriteSpans } from "./rewrite-spans.ts";
import { nextTerm, type PlacedTerm } from "./term-days.ts";
import { requireApart } from "./write-terms.ts";

export interface ImportedTerm {
  readonly planId: string;
  readonly startsOn: string;
  /** The last day; none for life. */
  readonly endsOn?: string | undefined;
  /** The first day as a member by it, where that is later than the start. */
  readonly countsFrom?: string | undefined;
  /** What it cost ("100.00"); nothing unless given. */
  readonly price?: string | undefined;
}

export interface ImportedMembership extends Party {
  /** In the order of their days, of plans of one program. */
  readonly terms: readonly ImportedTerm[];
  readonly cancelledOn?: string | undefined;
  readonly autoRenew?: boolean | undefined;
  /** The membership number that it has already. */
  readonly number?: string | undefined;
}

const rowSchema = z.strictObject({
  contactId: idSchema.nullish(),
  accountId: idSchema.nullish(),
  terms: z
    .array(
      z.strictObject({
        planId: idSchema,
        startsOn: daySchema,
        endsOn: daySchema.optional(),
        countsFrom: daySchema.optional(),
        price: z.string().optional(),
      }),
    )
    .min(1)
    .max(1_000),
  cancelledOn: daySchema.optional(),
  autoRenew: z.boolean().optional(),
  number: z.string().min(1).max(100).optional(),
});

/**
 * One unit. A term that begins the day after another one is of its chain. What was, is not announced: `advance` tells of what comes after today.
 *
 * @throws `terms_overlap`, `not_unique` for a member that the program has already, `invalid_input` with the `index` of each wrong row, `not_found`
 */
export async function importMemberships(
  context: MembershipsContext,
  rows: readonly ImportedMembership[],
): Promise<readonly MembershipRecord[]> {
  if (!Array.isArray(rows))
    throw invalidInput("membership", [{ field: "rows", code: "invalid_value", message: "are no list" }]);
  const parsed = rows.map((row) => rowSchema.safeParse(row));
  const issues = parsed.flatMap((each, index) =>
    each.success ? issuesOf(each.data, index) : inputIssues(each.error.issues, rows[index], index),
  );
  if (issues.length > 0) throw invalidInput("membership", issues);
  const given = parsed.map((each) => each.data!);
  return context.transaction(async (tx) => {
    const plans = new Map<string, ReadPlan>();
    for (const planId of new Set(given.flatMap(({ terms }) => terms.map((term) => term.planId))))
      plans.set(planId, await readPlan(tx, planId));
    const unfit = given.flatMap((row, index) => planIssues(row, plans, index));
    if (unfit.length > 0) throw invalidInput("membership", unfit);
    const today = await tx.settings.today();
    const created = await tx.memberships.createMany(
      given.map((row, index) => {
        const programs = new Set(row.terms.map(({ planId }) => plans.get(planId)!.program.id));
        if (programs.size > 1)
          throw invalidInput("membership", [
            { field: "terms", index, code: "not_allowed", message: "are of plans of several programs" },
          ]);
        return {
          ...{ programId: [...programs][0]!, contactId: row.contactId ?? null, accountId: row.accountId ?? null },
          ...{ renewalPlanId: row.terms.at(-1)!.planId, autoRenew: row.autoRenew ?? false },
          ...(row.number === undefined ? {} : { number: row.number }),
        };
      }),
    );
    await tx.membershipTerms.createMany(
      given.flatMap((row, index) => {
        const terms = termsOf(row.terms, plans).map((term) => ({ ...term, membershipId: created[index]!.id }));
        requireApart(tx, created[index]!.id, terms);
        return terms;
      }),
    );
    const cancelled = given.flatMap(({ cancelledOn }, index) =>
      cancelledOn === undefined
        ? []
        : [{ membershipId: created[index]!.id, kind: "cancelled" as const, validFrom: cancelledOn }],
    );
    if (cancelled.length > 0) await tx.membershipEvents.createMany(cancelled);
    await rewriteSpans(
      tx,
      created.map(({ id }) => id),
    );
    return announced(tx, created, today);
  });
}

function issuesOf({ contactId, accountId, terms }: z.output<typeof rowSchema>, index: number): readonly InputIssue[] {
  const issues: InputIssue[] = [];
  if (!contactId === !accountId)
    issues.push({
      field: "contactId",
      index,
      code: "missing_field",
      message: "or accountId is required, and not both",
    });
  for (const [at, { startsOn, endsOn, countsFrom = startsOn, price }] of terms.entries()) {
    const before = terms[at - 1];
    if (before && before.startsOn >= startsOn)
      issues.push({
        field: `terms.${at}.startsOn`,
        index,
        code: "out_of_range",
        message: "is not after the term before",
      });
    if (price?.startsWith("-"))
      issues.push({ field: `terms.${at}.price`, index, code: "out_of_range", message: "is negative" });
    if (endsOn !== undefined && endsOn < countsFrom)
      issues.push({ field: `terms.${at}.endsOn`, index, code: "out_of_range", message: "is before its first day" });
    if (countsFrom < startsOn)
      issues.push({ field: `terms.${at}.countsFrom`, index, code: "out_of_range", message: "is before its start" });
  }
  return issues;
}

/** What a term's plan says of it: of whom, in which currency, and that only one for life has no end. */
function planIssues(
  { contactId, terms }: z.output<typeof rowSchema>,
  plans: ReadonlyMap<string, ReadPlan>,
  index: number,
): readonly InputIssue[] {
  return terms.flatMap(({ planId, endsOn, price }, at) => {
    const { plan, level } = plans.get(planId)!;
    const issues: InputIssue[] = [];
    const wrong = (field: string, code: string, message: string) =>
      issues.push({ field: `terms.${at}.${field}`, index, code, message });
    if (endsOn === undefined && plan.unit !== "lifetime")
      wrong("endsOn", "missing_field", "is required: the plan is not for life");
    if (Boolean(contactId) !== (level.memberKind === "person"))
      wrong("planId", "not_allowed", `is a plan of level ${level.key}, whose members are ${level.memberKind}s`);
    const { currency } = plan.price;
    if (price !== undefined && !isMoney({ amount: price, currency }))
      wrong("price", "invalid_value", `is not an amount in ${currency}, such as "${plan.price.amount}"`);
    return issues;
  });
}

function termsOf(terms: readonly ImportedTerm[], plans: ReadonlyMap<string, ReadPlan>) {
  let before: (PlacedTerm & { readonly planId: string; readonly chainStartsOn: string }) | undefined;
  return terms.map(({ planId, startsOn, endsOn = null, countsFrom = startsOn, price }) => {
    const { plan, level } = plans.get(planId)!;
    const follows = before !== undefined && before.endsOn !== null && dayAfter(before.endsOn) === countsFrom;
    const placed = follows ? placeAfter(plan, before!, { startsOn, endsOn }) : { anchorOn: startsOn, position: 0 };
    const chainStartsOn = follows ? before!.chainStartsOn : countsFrom;
    before = { ...placed, startsOn, endsOn, planId, chainStartsOn };
    return {
      ...{
        planId,
        levelId: level.id,
        origin: "import" as const,
        startsOn,
        endsOn,
        countsFrom,
        chainStartsOn,
        ...placed,
      },
      price: price === undefined ? null : { amount: price, currency: plan.price.currency },
    };
  });
}

/** In the chain of the term before, where that is how its days come about. */
function placeAfter(
  plan: PlanRecord,
  before: PlacedTerm & { readonly planId: string },
  { startsOn, endsOn }: { readonly startsOn: string; readonly endsOn: string | null },
) {
  const next = nextTerm(plan, { ...before, samePlan: before.planId === plan.id });
  const fits = next.startsOn === startsOn && next.endsOn === endsOn;
  return fits ? { anchorOn: next.anchorOn, position: next.position } : { anchorOn: startsOn, position: 0 };
}

/** In the order that they were given. */
async function announced(tx: MembershipsContext, created: readonly MembershipRecord[], today: string) {
  const ids = created.map(({ id }) => id);
  const statuses = await statusesOn(tx, ids, today);
  return tx.memberships.updateMany(
    ids.map((id) => ({
      ...{ id, announcedThrough: today, changedSinceAnnounced: false },
      announcedStatus: statuses.get(id)?.status ?? null,
    })),
  );
}

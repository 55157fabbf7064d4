/** Writes the schedule: one transaction for each month, and in it one dated batch of each kind for each day. */
import type { SalesCrm } from "../crm.ts";
import { noonOf } from "../day.ts";
import type { SourceActivity, SourceOpportunity, StageKey } from "../source/sales-data.ts";
import { dollars } from "./dollars.ts";
import type { Base } from "./import-base.ts";
import { byMonth, countWrites, type ScheduledDay, type ScheduledMove } from "./schedule.ts";

export interface ImportContext {
  readonly listPrices: ReadonlyMap<string, string>;
  readonly base: Base;
  /** Ids by the source's id; those of new opportunities are added. */
  readonly opportunityIds: Map<string, string>;
  readonly stageIds: ReadonlyMap<StageKey, string>;
  /** Opportunities that were won before this import: moved elsewhere, they lose what they were won for. */
  readonly wonBefore: ReadonlySet<string>;
  readonly onProgress: (month: string, written: number) => void;
}

export async function importSchedule(
  crm: SalesCrm,
  days: readonly ScheduledDay[],
  context: ImportContext,
): Promise<void> {
  for (const [month, monthDays] of byMonth(days)) {
    await crm.transaction(async (tx) => {
      for (const day of monthDays) {
        await importDay(tx.at(day.at), day, context);
        context.onProgress(month, countWrites(day));
      }
    });
  }
}

async function importDay(crm: SalesCrm, day: ScheduledDay, context: ImportContext): Promise<void> {
  const { base, opportunityIds } = context;
  if (day.creations.length > 0) {
    const created = await crm.opportunities.createMany(
      day.creations.map((opportunity) => {
        const stage = opportunity.stage === "prospecting" ? "prospecting" : "engaging";
        return {
          ...opportunityFields(opportunity, base),
          stageId: context.stageIds.get(stage) ?? "",
          amount: dollars(context.listPrices.get(opportunity.product) ?? "0"),
        };
      }),
    );
    for (const [index, { id }] of day.creations.entries()) opportunityIds.set(id, created[index]?.id ?? "");
  }
  if (day.moves.length > 0) await importMoves(crm, day.moves, context);
  if (day.activities.length > 0) {
    await crm.activities.createMany(day.activities.map((activity) => activityFields(activity, base, opportunityIds)));
  }
}

/** An opportunity that is won takes the amount that it was won for. */
async function importMoves(crm: SalesCrm, moves: readonly ScheduledMove[], context: ImportContext): Promise<void> {
  const { opportunityIds, wonBefore, listPrices } = context;
  const idOf = ({ opportunity }: ScheduledMove) => opportunityIds.get(opportunity.id) ?? "";
  const repriced = moves.filter(({ opportunity: { id, closeValue } }) => closeValue !== null || wonBefore.has(id));
  if (repriced.length > 0) {
    await crm.opportunities.updateMany(
      repriced.map((move) => ({
        id: idOf(move),
        amount: dollars(move.opportunity.closeValue ?? listPrices.get(move.opportunity.product) ?? "0"),
      })),
    );
  }
  await crm.opportunities.moveMany(
    moves.map((move) => ({
      id: idOf(move),
      stage: move.opportunity.stage,
      ...(move.closeDate === null ? {} : { closeDate: move.closeDate }),
    })),
  );
}

/** What the source says of an opportunity in any stage. */
export function opportunityFields({ id, product, account, owner }: SourceOpportunity, base: Base) {
  return {
    externalId: id,
    name: account === null ? product : `${product} for ${account}`,
    ownerId: owner,
    accountId: base.accounts.find(account)?.id ?? null,
    productId: base.products.find(product)?.id ?? null,
  };
}

export function activityFields(activity: SourceActivity, base: Base, opportunityIds: ReadonlyMap<string, string>) {
  return {
    externalId: activity.id,
    kind: activity.kind,
    subject: activity.subject,
    dueAt: noonOf(activity.day),
    done: activity.done,
    ownerId: activity.owner,
    opportunityId: activity.opportunity === null ? null : (opportunityIds.get(activity.opportunity) ?? null),
    contactId: base.contacts.find(activity.contact)?.id ?? null,
  };
}

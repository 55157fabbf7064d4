/** Moves opportunities through their pipeline: the only way in which a stage, and with it the status, changes. */
import * as z from "zod";
import { CrmError, type InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PatchInput, RecordOf } from "../../kernel/entity/model.ts";
import { dayOf, daysBetween, isDate } from "../../kernel/value/calendar.ts";
import { isUuid } from "../../kernel/value/id.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type StageRecord, stagesOf } from "../pipeline/pipelines.ts";

export type OpportunityRecord = RecordOf<DomainModel, "opportunity">;

export interface MoveOptions {
  /** The version that was read: if the opportunity has changed since, the move is refused with `stale_version`. */
  readonly version?: number;
  /** The day on which it was won or lost, for a stage that closes; the day of the move (UTC) unless given. */
  readonly closeDate?: string;
  /** For a stage whose outcome is lost. */
  readonly lostReason?: string;
}

export interface Move extends MoveOptions {
  readonly id: string;
  /** The key of the stage. */
  readonly stage: string;
}

/** So many are moved with one list of statements. */
const BATCH = 1_000;

const moveSchema = z.strictObject({
  id: z.string(),
  stage: z.string().normalize("NFC"),
  version: z.int().optional(),
  closeDate: z.string().optional(),
  lostReason: z.string().optional(),
});

/**
 * All or nothing, each opportunity at most once. A move to the stage where the opportunity is already, corrects its close date and
 * its lost reason where they are given, and changes nothing else. Results are in the order of the moves.
 */
export async function moveOpportunities(
  context: DomainContext,
  given: readonly Move[],
): Promise<readonly OpportunityRecord[]> {
  const moves = checkedMoves(given);
  return context.transaction(async (tx) => {
    const moved: OpportunityRecord[] = [];
    for (let from = 0; from < moves.length; from += BATCH)
      moved.push(...(await moveBatch(tx, moves.slice(from, from + BATCH))));
    return moved;
  });
}

/** A move whose input is known to be one. Its place in the list is told where there are several. */
interface CheckedMove extends Move {
  readonly index?: number;
}

function checkedMoves(given: readonly unknown[]): readonly CheckedMove[] {
  if (!Array.isArray(given))
    throw invalidInput("opportunity", [{ field: "", code: "invalid_type", message: "must be a list of moves" }]);
  const issues: InputIssue[] = [];
  const ids = new Set<string>();
  const moves = given.flatMap((move: unknown, at): CheckedMove[] => {
    const index = given.length > 1 ? at : undefined;
    const place = index === undefined ? {} : { index };
    const parsed = moveSchema.safeParse(move);
    if (!parsed.success) {
      issues.push(...inputIssues(parsed.error.issues, move, index));
      return [];
    }
    const { id } = parsed.data;
    if (ids.has(id))
      issues.push({ field: "id", code: "repeated", message: `"${id}" is moved twice in one list`, ...place });
    ids.add(id);
    return [{ ...(parsed.data as Move), ...place }];
  });
  if (issues.length > 0) throw invalidInput("opportunity", issues);
  return moves;
}

async function moveBatch(tx: DomainContext, moves: readonly CheckedMove[]): Promise<readonly OpportunityRecord[]> {
  const ids = moves.map(({ id }) => id).filter(isUuid);
  const page = await tx.opportunities.list({ where: { id: { in: ids } }, archived: "include", limit: BATCH });
  const byId = new Map(page.items.map((opportunity) => [opportunity.id, opportunity]));
  const stages = await stagesOf(tx, {
    pipelineId: { in: [...new Set(page.items.map(({ pipelineId }) => pipelineId))] },
  });
  const planned = moves.map((move) => {
    const opportunity = byId.get(move.id);
    if (!opportunity) {
      throw new CrmError("not_found", `There is no opportunity "${move.id}".`, {
        details: { entity: "opportunity", id: move.id },
      });
    }
    const from = stages.find(({ id }) => id === opportunity.stageId)!;
    return { move, opportunity, from, to: targetOf(opportunity, move.stage, { from, stages }) };
  });
  const now = tx.now();
  const changing = planned.filter(({ from, to }) => from.id !== to.id);
  const updated = await tx.opportunities.updateMany(
    planned.map(({ move, opportunity, from, to }) => ({
      id: move.id,
      ...(move.version === undefined ? {} : { version: move.version }),
      ...(from.id === to.id
        ? correctionOf(opportunity, to, { ...move, now })
        : changeOf(opportunity, to, { ...move, now: afterEntering(opportunity, now) })),
    })),
  );
  const current = new Map(updated.map((opportunity) => [opportunity.id, opportunity]));
  await recordStays(
    tx,
    changing.map(({ move }) => current.get(move.id)!),
  );
  return updated;
}

/** Of an opportunity that stays where it is: the close date and the lost reason that are given, and nothing else. */
function correctionOf(
  opportunity: OpportunityRecord,
  to: StageRecord,
  move: CheckedMove & { readonly now: Date },
): PatchInput<DomainModel, "opportunity"> {
  if (move.closeDate === undefined && move.lostReason === undefined) return {};
  const { closeDate = opportunity.actualCloseDate ?? undefined, lostReason = opportunity.lostNote ?? undefined } = move;
  const given = {
    ...move,
    ...(closeDate === undefined ? {} : { closeDate }),
    ...(lostReason === undefined ? {} : { lostReason }),
  };
  const { actualCloseDate = null, salesCycleDays = null, ...change } = changeOf(opportunity, to, given);
  return { actualCloseDate, salesCycleDays, lostNote: change.lostNote ?? null };
}

/** A clock that has stepped back does not make a stay shorter than nothing. */
function afterEntering({ stageEnteredAt }: OpportunityRecord, now: Date): Date {
  return now < stageEnteredAt ? stageEnteredAt : now;
}

/** Leaves the stage where each one was, at the very instant of entering the one where it is now. */
async function recordStays(tx: DomainContext, moved: readonly OpportunityRecord[]): Promise<void> {
  const leaving = new Map(moved.map(({ id, stageEnteredAt }) => [id, stageEnteredAt]));
  const stays = await tx.opportunityStageEntries.list({
    where: { recordId: { in: [...leaving.keys()] }, leftAt: null },
    archived: "include",
    limit: BATCH,
  });
  await tx.opportunityStageEntries.updateMany(
    stays.items.map(({ id, recordId, enteredAt }) => {
      const leftAt = leaving.get(recordId)!;
      return { id, leftAt, durationMs: leftAt.getTime() - enteredAt.getTime() };
    }),
  );
  await enterStages(tx, moved);
}

/** Begins the stay of each opportunity in the stage where it is. */
export async function enterStages(tx: DomainContext, opportunities: readonly OpportunityRecord[]): Promise<void> {
  await tx.opportunityStageEntries.createMany(
    opportunities.map(({ id, stageId, stageEnteredAt }) => ({
      recordId: id,
      stageId,
      enteredAt: stageEnteredAt,
      enteredBy: tx.actorId,
    })),
  );
}

/** What changes with the stage. Probability follows it; closing sets the actual close date, reopening clears it. */
export function changeOf(
  { createdAt }: Pick<OpportunityRecord, "createdAt">,
  to: StageRecord,
  { now, closeDate, lostReason, index }: MoveOptions & { readonly now: Date; readonly index?: number },
): PatchInput<DomainModel, "opportunity"> {
  const refused = (field: string, message: string) =>
    invalidInput("opportunity", [{ field, code: "out_of_range", message, ...(index === undefined ? {} : { index }) }]);
  const closes = to.outcome !== "open";
  if (closeDate !== undefined && !closes)
    throw refused("closeDate", `is only for a stage that closes, and ${to.key} does not`);
  if (lostReason !== undefined && to.outcome !== "lost")
    throw refused("lostReason", `is only for a stage that is lost, and ${to.key} is not`);
  const day = closeDate ?? dayOf(now);
  if (closes && !isDate(day)) throw refused("closeDate", "is not a day that exists, as YYYY-MM-DD");
  if (closes && day > dayOf(now)) throw refused("closeDate", `is ${day}, which is later than the move itself`);
  const salesCycleDays = daysBetween(dayOf(createdAt), day);
  if (closes && salesCycleDays < 0)
    throw refused("closeDate", `is ${day}, which is before the opportunity was created`);
  return {
    stageId: to.id,
    status: to.outcome,
    probability: to.probability,
    stageEnteredAt: now,
    actualCloseDate: closes ? day : null,
    salesCycleDays: closes ? salesCycleDays : null,
    lostNote: lostReason ?? null,
  };
}

function targetOf(
  { id, pipelineId }: OpportunityRecord,
  key: string,
  { from, stages }: { readonly from: StageRecord; readonly stages: readonly StageRecord[] },
): StageRecord {
  const own = stages.filter(
    (stage) => stage.pipelineId === pipelineId && (stage.archivedAt === null || stage === from),
  );
  const to = own.find((stage) => stage.key === key);
  const others = own.filter((stage) => stage !== from).map((stage) => stage.key);
  const allowed = from.nextStages?.filter((next) => others.includes(next)) ?? others;
  if (to && (to === from || allowed.includes(key))) return to;
  const why = to ? `its pipeline does not allow it` : `its pipeline has no stage "${key}"`;
  const choice =
    allowed.length === 0 ? "It cannot move anywhere from there." : `From there it can move to ${allowed.join(", ")}.`;
  throw new CrmError(
    "move_not_allowed",
    `Opportunity "${id}" cannot move from ${from.key} to ${key}: ${why}. ${choice}`,
    {
      details: { entity: "opportunity", field: "stageId", id, from: from.key, to: key, allowed },
    },
  );
}

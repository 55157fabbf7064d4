/** Open records whose next step nobody has planned. */

import { count } from "../../kernel/repository/aggregate.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import { activity } from "../activity/activity.ts";
import type { DomainModel } from "../domain-model.ts";
import type { PipelinedContext, PipelinedRecord, RecordWhere } from "../pipeline/pipelined-context.ts";
import { hasField, type PipelinedEntity } from "../pipeline/pipelined-entity.ts";
import { checkedQuery } from "./report-query.ts";
import { pageAt, type WaitingQuery, waitingSchema } from "./waiting-pages.ts";

/**
 * Open records with neither a text in `nextStep` (of an entity that has this field) nor an activity ahead: one that refers to the record
 * or is tied to it, is not done and not archived, and starts or is due now or later. What is overdue, and what has no date, is no next
 * step. Oldest records first. Two queries; a page may have fewer than `limit` records, and a next page all the same.
 */
export async function recordsWithoutNextStep(
  context: PipelinedContext,
  query: WaitingQuery<RecordWhere> = {},
): Promise<Page<PipelinedRecord>> {
  const { where = {}, ...paging } = checkedQuery("withoutNextStep", waitingSchema, query);
  const { entity, records } = context;
  return pageAt(context, paging.after, async (now, after) => {
    const page = await records.list({
      where: { status: "open", and: [where, ...withoutOwnStep(entity, now)] },
      ...paging,
      after,
    });
    const planned = await tiedToPlanned(context, page.items, now);
    return { ...page, items: page.items.filter(({ id }) => !planned.has(id)) };
  });
}

function aheadOf(now: Date): Where<DomainModel, "activity"> {
  return { done: false, archivedAt: null, or: [{ startAt: { gte: now } }, { dueAt: { gte: now } }] };
}

/** What the records themselves tell: their text, and the activities that refer to them. */
function withoutOwnStep(entity: PipelinedEntity, now: Date): readonly RecordWhere[] {
  const reference = Object.values(activity.fields).find(({ definition }) => definition.to === entity.name);
  const conditions = [
    ...(hasField(entity, "nextStep") ? [{ or: [{ nextStep: null }, { nextStep: "" }] }] : []),
    ...(reference ? [{ [reference.definition.inverse!]: { none: aheadOf(now) } }] : []),
  ];
  return conditions as readonly object[];
}

/** The ids of those that are tied to an activity ahead. One query. */
async function tiedToPlanned(
  { activityLinks, entity }: PipelinedContext,
  records: readonly PipelinedRecord[],
  now: Date,
): Promise<ReadonlySet<string>> {
  if (records.length === 0) return new Set();
  const tied = await activityLinks.aggregate({
    where: { entityType: entity.name, recordId: { in: records.map(({ id }) => id) }, activity: aheadOf(now) },
    groupBy: { id: "recordId" },
    measures: { links: count() },
  });
  return new Set(tied.map(({ id }) => id));
}

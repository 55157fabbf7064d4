/** What the domain adds to timelines besides activities: moves from stage to stage, changes of fields, and what hangs below. */
import { CrmError } from "../../errors.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import {
  type RecordReference,
  type TimelineItem,
  type TimelineRequest,
  timelineWhere,
} from "../../kernel/plugin/timeline-part.ts";
import type { ChangedVersion, VersionsQuery } from "../../kernel/repository/repository.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { among } from "./timeline-activities.ts";

type Stage = RecordOf<DomainModel, "stage">;

/** A record has entered a stage. */
export interface StageMove {
  readonly stage: Stage;
  /** Where it was before; null where the record begins in the pipeline. */
  readonly from: Stage | null;
  /** Null while it is there. */
  readonly leftAt: Date | null;
  readonly durationMs: number | null;
}

/** What a write has made of a record: who and when are the entry's. */
export type RecordChange = Pick<ChangedVersion, "kind" | "version" | "changes">;

/** A stay in a stage, of whatever entity goes through pipelines. */
interface Stay {
  readonly id: string;
  readonly recordId: string;
  readonly stage: Stage;
  readonly enteredAt: Date;
  readonly enteredBy: string | null;
  readonly leftAt: Date | null;
  readonly durationMs: number | null;
}

/** Of every entity whose stays in stages are kept: those that plugins and the application declare included. */
export async function stageMoves(context: DomainContext, request: TimelineRequest): Promise<readonly TimelineItem[]> {
  const moves: TimelineItem[] = [];
  for (const { name, fields } of context.entities()) {
    const entityType = fields.find((field) => field.name === "recordId")?.to;
    const ids = entityType === undefined ? undefined : request.records[entityType];
    if (entityType === undefined || !ids || !fields.some(({ to }) => to === "stage")) continue;
    const entered = await staysOf(context, name, {
      where: { recordId: among(ids), ...timelineWhere(request, "enteredAt") },
      limit: request.limit,
    });
    const left = await stagesLeft(context, name, entered);
    moves.push(
      ...entered.map(({ id, enteredAt, enteredBy, recordId, stage, leftAt, durationMs }) => ({
        at: enteredAt,
        id,
        by: enteredBy,
        record: { entityType, id: recordId },
        data: { stage, from: left.get(id) ?? null, leftAt, durationMs },
      })),
    );
  }
  return moves;
}

async function staysOf(
  context: DomainContext,
  stageEntry: string,
  { where, limit }: { readonly where: object; readonly limit: number },
): Promise<readonly Stay[]> {
  const { items } = await context.repository(stageEntry).list({
    where,
    orderBy: [{ enteredAt: "desc" }],
    include: { stage: true },
    archived: "include",
    limit,
  });
  return items as readonly unknown[] as readonly Stay[];
}

/** By stay: the stage that the record left at the instant of entering it. */
async function stagesLeft(
  context: DomainContext,
  stageEntry: string,
  entered: readonly Stay[],
): Promise<ReadonlyMap<string, Stage>> {
  if (entered.length === 0) return new Map();
  const instants = new Map(entered.map(({ enteredAt }) => [enteredAt.getTime(), enteredAt]));
  const recordIds = [...new Set(entered.map(({ recordId }) => recordId))];
  const left = await staysOf(context, stageEntry, {
    where: { recordId: { in: recordIds }, leftAt: { in: [...instants.values()] } },
    limit: 1_000,
  });
  return new Map(
    entered.flatMap((stay): [string, Stage][] => {
      // The latest of those that ended when this one began; ids are in the order of time.
      const before = left.find(
        ({ id, recordId, leftAt }) =>
          recordId === stay.recordId && id < stay.id && leftAt?.getTime() === stay.enteredAt.getTime(),
      );
      return before ? [[stay.id, before.stage]] : [];
    }),
  );
}

export async function fieldChanges(context: DomainContext, request: TimelineRequest): Promise<readonly TimelineItem[]> {
  const { records, before, from, limit } = request;
  const position = before && { before: { at: before.at, ...versionIn(before.id) } };
  const items: TimelineItem[] = [];
  for (const [entityType, ids] of Object.entries(records)) {
    const versions = await versionsOf(context, entityType, { ids, limit, ...(from ? { from } : {}), ...position });
    items.push(
      ...versions.map(({ id, at, by, kind, version, changes }) => ({
        at,
        id: `${id} ${String(version).padStart(10, "0")}`,
        by,
        record: { entityType, id },
        data: { kind, version, changes },
      })),
    );
  }
  return items;
}

/** None of an entity that keeps no history. */
async function versionsOf(context: DomainContext, entityType: string, query: VersionsQuery) {
  try {
    return await context.repository(entityType).versions(query);
  } catch (error) {
    if (CrmError.is(error, "no_history")) return [];
    throw error;
  }
}

function versionIn(id: string | undefined): { readonly id?: string; readonly version?: number } {
  if (id === undefined) return {};
  const space = id.lastIndexOf(" ");
  return { id: id.slice(0, space), version: Number(id.slice(space + 1)) };
}

/** What hangs below an account: its contacts, those who work for it now included, and its opportunities. Each is found by an index. */
export async function belowAccount(context: DomainContext, accountId: string): Promise<readonly RecordReference[]> {
  const today = context.now().toISOString().slice(0, 10);
  const working = { accountId, or: [{ validUntil: null }, { validUntil: { gte: today } }] };
  const affiliations = context.affiliations.iterate({ where: working, select: ["contactId"] });
  return [
    ...(await references("contact", context.contacts.iterate({ where: { accountId }, ...EVERY }))),
    ...(await references("contact", affiliations, ({ contactId }) => contactId)),
    ...(await references("opportunity", context.opportunities.iterate({ where: { accountId }, ...EVERY }))),
  ];
}

/** What hangs below a contact: the opportunities in which it has a role, or is the primary contact. */
export async function belowContact(context: DomainContext, contactId: string): Promise<readonly RecordReference[]> {
  const roles = context.opportunityContacts.iterate({ where: { contactId }, select: ["opportunityId"] });
  return [
    ...(await references("opportunity", context.opportunities.iterate({ where: { contactId }, ...EVERY }))),
    ...(await references("opportunity", roles, ({ opportunityId }) => opportunityId)),
  ];
}

const EVERY = { select: ["id"], archived: "include" } as const;

async function references<R extends { readonly id: string }>(
  entityType: string,
  records: AsyncIterable<R>,
  idIn: (record: R) => string = ({ id }) => id,
): Promise<readonly RecordReference[]> {
  const found: RecordReference[] = [];
  for await (const record of records) found.push({ entityType, id: idIn(record) });
  return found;
}

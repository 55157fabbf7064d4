/** What one can do with queues: put records into them, take the next one, and have them assigned. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { AnyRecord, EntityDescription } from "../../kernel/plugin/any-repository.ts";
import type { RecordReference } from "../../kernel/plugin/timeline-part.ts";
import { count } from "../../kernel/repository/aggregate.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { byEntity, checkedReferences } from "../record-reference.ts";
import { activeUser, openRecords, queuedEntity } from "./owned-records.ts";

export type QueueRecord = RecordOf<DomainModel, "queue">;
export type QueueMemberRecord = RecordOf<DomainModel, "queueMember">;

/** Which records of a queue: `queue` is its key. */
export interface InQueue {
  readonly queue: string;
  readonly entityType: string;
}

export interface Assignment {
  readonly recordId: string;
  readonly userId: string;
}

export interface AssignResult {
  /** In the order of the waiting records, the oldest first. */
  readonly assigned: readonly Assignment[];
  /** How many are left without an owner: none, unless the limit was reached or nobody is available. */
  readonly waiting: number;
}

export interface QueueOperations {
  /** Puts records into a queue: they have no owner until somebody takes them. All or nothing. @throws `not_found`, `reference_not_found` */
  put(queue: string, records: RecordReference | readonly RecordReference[]): Promise<void>;
  /** The open records that wait, the oldest first. */
  waiting(
    from: InQueue,
    page?: { readonly limit?: number; readonly after?: string | undefined },
  ): Promise<Page<AnyRecord>>;
  /** The oldest record that waits gets an owner; undefined where none waits. Two who take at once get two records. */
  take(from: InQueue & { readonly userId: string }): Promise<AnyRecord | undefined>;
  /**
   * Gives waiting records, the oldest first, to available members who are active users. In turn: whoever had nothing for longest is next, over
   * any number of calls and processes. Least loaded: whoever owns the fewest open records of the entity, then whose turn it is. All or nothing.
   */
  assign(from: InQueue & { readonly limit?: number }): Promise<AssignResult>;
}

const MOST = 1_000;

export function queueOperations(context: DomainContext): QueueOperations {
  return {
    put: (key, records) => context.transaction((tx) => putRecords(tx, key, checkedReferences("queue", records))),
    waiting: async (from, page = {}) => {
      const { entity, queue } = await found(context, from);
      return context.repository(entity.name).list({ ...waitingIn(entity, queue), ...page });
    },
    take: (from) =>
      context.transaction(async (tx) => {
        const { entity, queue } = await inTurn(tx, from);
        const userId = await activeUser(tx, from.userId, "userId");
        const repository = tx.repository(entity.name);
        const next = await repository.find(waitingIn(entity, queue));
        return next && repository.update(next.id, { ownerId: userId }, { version: next.version });
      }),
    assign: (from) => context.transaction((tx) => assignWaiting(tx, from)),
  };
}

async function putRecords(tx: DomainContext, key: string, records: readonly RecordReference[]): Promise<void> {
  const { id: queueId } = await queueOf(tx, key);
  for (const [name, ids] of byEntity(records)) {
    const entity = queuedEntity(tx, name);
    await tx.repository(entity.name).updateMany(ids.map((id) => ({ id, queueId, ownerId: null })));
  }
}

async function assignWaiting(tx: DomainContext, from: InQueue & { readonly limit?: number }): Promise<AssignResult> {
  const { entity, queue } = await inTurn(tx, from);
  const limit = checkedLimit(from.limit);
  const repository = tx.repository(entity.name);
  const members = await availableMembers(tx, queue.id);
  const { items } = await repository.list({ ...waitingIn(entity, queue), limit });
  const waiting = members.length === 0 ? [] : items;
  const loads = queue.strategy === "least_loaded" ? await loadsOf(tx, entity, members) : undefined;
  const { assigned, turns } = shareOutRecords(waiting, { members, loads, turn: queue.assignedCount });
  if (assigned.length > 0) {
    const assignedCount = queue.assignedCount + assigned.length;
    await tx.queues.update(queue.id, { assignedCount });
    await tx.queueMembers.updateMany([...turns].map(([id, lastTurn]) => ({ id, lastTurn })));
    const versions = new Map(waiting.map(({ id, version }) => [id, version]));
    await repository.updateMany(
      assigned.map(({ recordId, userId }) => ({ id: recordId, ownerId: userId, version: versions.get(recordId)! })),
    );
  }
  return { assigned, waiting: await repository.count({ where: waitingIn(entity, queue).where }) };
}

interface Choice {
  readonly members: readonly QueueMemberRecord[];
  /** Open records by user; absent where members take turns. */
  readonly loads: ReadonlyMap<string, number> | undefined;
  readonly turn: number;
}

/** Who gets which record, and the last turn of each member who gets one. */
function shareOutRecords(records: readonly AnyRecord[], { members, loads, turn }: Choice) {
  const standing = members.map(({ id, userId, lastTurn }) => ({ id, userId, lastTurn, load: loads?.get(userId) ?? 0 }));
  const turns = new Map<string, number>();
  const assigned = records.map(({ id: recordId }, i): Assignment => {
    const next = standing.reduce((best, member) =>
      member.load < best.load || (member.load === best.load && member.lastTurn < best.lastTurn) ? member : best,
    );
    next.lastTurn = turn + i + 1;
    if (loads) next.load++;
    turns.set(next.id, next.lastTurn);
    return { recordId, userId: next.userId };
  });
  return { assigned, turns };
}

async function availableMembers(tx: DomainContext, queueId: string): Promise<readonly QueueMemberRecord[]> {
  const page = await tx.queueMembers.list({
    where: { queueId, available: true, user: { active: true, archivedAt: null } },
    orderBy: [{ lastTurn: "asc" }, { position: "asc" }],
    limit: MOST,
  });
  return page.items;
}

async function loadsOf(
  tx: DomainContext,
  entity: EntityDescription,
  members: readonly QueueMemberRecord[],
): Promise<ReadonlyMap<string, number>> {
  const groups = await tx.repository(entity.name).aggregate({
    where: { ...openRecords(entity), ownerId: { in: members.map(({ userId }) => userId) } },
    groupBy: { owner: "ownerId" },
    measures: { open: count() },
  });
  return new Map(groups.map(({ owner, open }) => [owner as string, open as number]));
}

/** What is won, lost or done by now waits for nobody. */
function waitingIn(entity: EntityDescription, { id }: QueueRecord) {
  return { where: { ...openRecords(entity), queueId: id, ownerId: null }, orderBy: [{ createdAt: "asc" }] } as const;
}

async function found(context: DomainContext, from: InQueue) {
  return { entity: queuedEntity(context, from?.entityType), queue: await queueOf(context, from.queue) };
}

/** Alone with the queue until the unit ends: whoever takes or assigns at the same time sees what is left. */
async function inTurn(tx: DomainContext, from: InQueue) {
  const { id } = (await found(tx, from)).queue;
  await tx.lock(`queue:${id}`);
  return found(tx, from);
}

async function queueOf(context: DomainContext, key: unknown): Promise<QueueRecord> {
  const queue = typeof key === "string" ? await context.queues.find({ where: { key } }) : undefined;
  if (queue) return queue;
  throw new CrmError("not_found", `There is no queue "${String(key)}".`, {
    details: { entity: "queue", key: String(key) },
  });
}

const limitSchema = z.int().min(1).max(MOST);

function checkedLimit(limit: unknown = MOST): number {
  const parsed = limitSchema.safeParse(limit);
  if (parsed.success) return parsed.data;
  throw invalidInput(
    "queue",
    inputIssues(parsed.error.issues, limit).map((issue) => ({ ...issue, field: "limit" })),
  );
}

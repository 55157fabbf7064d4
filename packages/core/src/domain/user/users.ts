/** What one can do with users: hand over what one of them owns, and let one leave. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { DomainContext } from "../domain-model.ts";
import { activeUser, openRecords, ownedEntities } from "../ownership/owned-records.ts";

export interface TransferOptions {
  /** The user who gets the records. */
  readonly to: string;
  /** Only records of these entities; of all that have owners, unless given. */
  readonly entities?: readonly string[] | undefined;
  /** Closed records too: won and lost opportunities, done activities, and what is archived. They keep their owner unless said. */
  readonly closed?: boolean | undefined;
}

export interface TransferReport {
  readonly from: string;
  readonly to: string;
  /** By entity: the records that have a new owner, by id. */
  readonly moved: readonly { readonly entityType: string; readonly ids: readonly string[] }[];
  /** What still refers to the user who had them: closed records, reports, memberships, … */
  readonly remaining: readonly { readonly entityType: string; readonly field: string; readonly count: number }[];
}

export interface UserOperations {
  /**
   * Hands over what a user owns, of every entity whose records have owners, plugins' and the application's own included. One unit; the
   * report says what has moved, and what has not.
   *
   * @throws `not_found`; `reference_not_found`, `invalid_input` for a receiver who is not there or not active.
   */
  transfer(id: string, options: TransferOptions): Promise<TransferReport>;
  /**
   * A user leaves: is no longer active, gets nothing from queues, and hands over where `to` is given. The user stays, so that what was done
   * keeps its name. One unit.
   *
   * @throws as `transfer`.
   */
  deactivate(id: string, options?: Partial<TransferOptions>): Promise<TransferReport | undefined>;
}

export function userOperations(context: DomainContext): UserOperations {
  return {
    transfer: async (id, options) => {
      const checked = checkedOptions(context, options);
      return context.transaction((tx) => transferOwned(tx, id, checked));
    },
    deactivate: async (id, options = {}) => {
      const given = Object.entries(options ?? { to: null }).filter(([, value]) => value !== undefined);
      const checked = given.length === 0 ? undefined : checkedOptions(context, options as TransferOptions);
      return context.transaction(async (tx) => {
        const report = checked && (await transferOwned(tx, id, checked));
        await tx.users.get(id);
        await tx.lock(`user:${id}`);
        await tx.users.update(id, { active: false });
        const memberships = await tx.queueMembers.list({ where: { userId: id, available: true }, limit: BATCH });
        await tx.queueMembers.updateMany(memberships.items.map((member) => ({ id: member.id, available: false })));
        return report;
      });
    },
  };
}

const BATCH = 1_000;

async function transferOwned(tx: DomainContext, from: string, options: TransferOptions): Promise<TransferReport> {
  await tx.users.get(from);
  // Nobody hands over to a user who is leaving at the same time.
  await tx.lock(`user:${from}`, `user:${options.to}`);
  const to = await activeUser(tx, options.to, "to");
  if (to === from)
    throw invalidInput("user", [{ field: "to", code: "not_allowed", message: "is the user who has them" }]);
  const moved: { entityType: string; ids: readonly string[] }[] = [];
  for (const entity of ownedEntities(tx)) {
    if (options.entities && !options.entities.includes(entity.name)) continue;
    const repository = tx.repository(entity.name);
    const where = { ...(options.closed ? {} : openRecords(entity)), ownerId: from };
    const ids: string[] = [];
    for (;;) {
      // What has moved no longer matches: the first page is always the next one.
      const page = await repository.list({ where, archived: options.closed ? "include" : "exclude", limit: BATCH });
      await repository.updateMany(page.items.map(({ id }) => ({ id, ownerId: to })));
      ids.push(...page.items.map(({ id }) => id));
      if (page.next === undefined) break;
    }
    if (ids.length > 0) moved.push({ entityType: entity.name, ids });
  }
  return { from, to, moved, remaining: await remainingOf(tx, from) };
}

/** One count for each reference to users that there is. */
async function remainingOf(tx: DomainContext, userId: string): Promise<TransferReport["remaining"]> {
  const remaining: { entityType: string; field: string; count: number }[] = [];
  for (const { name: entityType, fields } of tx.entities()) {
    for (const { name: field, to } of fields) {
      if (to !== "user") continue;
      const count = await tx.repository(entityType).count({ where: { [field]: userId }, archived: "include" });
      if (count > 0) remaining.push({ entityType, field, count });
    }
  }
  return remaining;
}

const optionsSchema = z.strictObject({
  to: z.string(),
  entities: z.array(z.string()).optional(),
  closed: z.boolean().optional(),
});

function checkedOptions(context: DomainContext, options: TransferOptions): TransferOptions {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw invalidInput("user", inputIssues(parsed.error.issues, options));
  const owned = ownedEntities(context).map(({ name }) => name);
  const unknown = parsed.data.entities?.find((name) => !owned.includes(name));
  if (unknown === undefined) return parsed.data;
  const message = `names "${unknown}", whose records have no owners: those that do are ${owned.join(", ")}`;
  throw invalidInput("user", [{ field: "entities", code: "not_allowed", message }]);
}

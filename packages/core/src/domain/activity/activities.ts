/** What one can do with activities: tie them to records of any entity, and find those of a record. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import { isUuid } from "../../kernel/value/id.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";

export type ActivityRecord = RecordOf<DomainModel, "activity">;

/** A record of any entity that is installed. */
export interface RecordReference {
  readonly entityType: string;
  readonly id: string;
}

export interface ActivityOperations {
  /** Ties an activity to a record; once is enough. @throws `reference_not_found` where there is no such record or activity. */
  link(id: string, record: RecordReference): Promise<void>;
  unlink(id: string, record: RecordReference): Promise<void>;
  /** The activities of a record, the latest first: those that refer to it and those that are tied to it. */
  of(
    record: RecordReference,
    page?: { readonly limit?: number; readonly after?: string | undefined },
  ): Promise<Page<ActivityRecord>>;
}

export function activityOperations(context: DomainContext): ActivityOperations {
  const find = (tx: DomainContext, activityId: string, { entityType, id: recordId }: RecordReference) =>
    tx.activityLinks.find({ where: { activityId, entityType, recordId } });
  return {
    link: async (activityId, record) => {
      const { entityType, id: recordId } = checked(record);
      await context.transaction(async (tx) => {
        if (isUuid(activityId) && (await find(tx, activityId, record))) return;
        await tx.activityLinks.create({ activityId, entityType, recordId });
      });
    },
    unlink: async (activityId, record) => {
      checked(record);
      await context.transaction(async (tx) => {
        const link = await find(tx, activityId, record);
        if (link) await tx.activityLinks.delete(link.id);
      });
    },
    of: async (record, page = {}) =>
      context.activities.list({ where: concerning(checked(record)), orderBy: [{ dueAt: "desc" }], ...page }),
  };
}

const referenceSchema = z.strictObject({ entityType: z.string(), id: z.string() });

function checked(record: unknown): RecordReference {
  const parsed = referenceSchema.safeParse(record);
  if (parsed.success) return parsed.data;
  throw invalidInput("activityLink", inputIssues(parsed.error.issues, record));
}

function concerning({ entityType, id }: RecordReference): Where<DomainModel, "activity"> {
  const linked: Where<DomainModel, "activity"> = { links: { some: { entityType, recordId: id } } };
  switch (entityType) {
    case "account":
      return { or: [{ accountId: id }, linked] };
    case "contact":
      return { or: [{ contactId: id }, linked] };
    case "opportunity":
      return { or: [{ opportunityId: id }, linked] };
    default:
      return linked;
  }
}

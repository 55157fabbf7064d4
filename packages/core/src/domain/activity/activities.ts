/** What one can do with activities: complete them, say who takes part, tie them to records of any entity, and find those of a record. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { RecordReference } from "../../kernel/plugin/timeline-part.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import { isUuid } from "../../kernel/value/id.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { lockEach } from "../lock-each.ts";
import { type Agenda, type AgendaQuery, agendaOf } from "./agenda.ts";
import {
  type ActivityParticipantRecord,
  addParticipants,
  type ParticipantInput,
  resolveParticipants,
} from "./participants.ts";
import { type Reminded, type RemindOptions, remind } from "./reminders.ts";
import { type TimelineEntry, type TimelineQuery, timelineOf } from "./timeline.ts";

export type ActivityRecord = RecordOf<DomainModel, "activity">;

export interface CompleteOptions {
  readonly outcome?: string;
  /** Now, unless given. */
  readonly doneAt?: Date;
  readonly version?: number;
}

export interface Note {
  readonly body: string;
  /** The beginning of the first line of the body, unless given. */
  readonly subject?: string;
  readonly ownerId?: string;
}

export interface ActivityOperations {
  /** Done, with what came of it. One that is done already takes a new outcome or instant, where one is given. @throws as `update` */
  complete(id: string, options?: CompleteOptions): Promise<ActivityRecord>;
  /** A note, linked to a record of any entity; both or neither. @throws `reference_not_found` where there is no such record. */
  addNote(record: RecordReference, note: Note): Promise<ActivityRecord>;
  /**
   * Adds contacts, accounts, users or addresses, and gives them in the order of the inputs; who takes part in that role already is
   * not added again. All or nothing. @throws `not_found` for the activity; `reference_not_found`; `invalid_input`, by `index`
   */
  addParticipants(id: string, participants: readonly ParticipantInput[]): Promise<readonly ActivityParticipantRecord[]>;
  /**
   * Makes the contact the participant wherever this address was one: case, width and diacritics do not count. Where it takes
   * part in that role already, the address goes. One unit; gives the number of addresses. @throws `reference_not_found` where there is no such contact.
   */
  resolveParticipants(given: { readonly address: string; readonly contactId: string }): Promise<number>;
  /** Ties an activity to a record; once is enough. @throws `reference_not_found` where there is no such record or activity. */
  link(id: string, record: RecordReference): Promise<void>;
  /** The same of many, in one unit. */
  linkMany(links: readonly { readonly id: string; readonly record: RecordReference }[]): Promise<void>;
  unlink(id: string, record: RecordReference): Promise<void>;
  /** The activities of a record, the latest first: those that refer to it and those that are tied to it. */
  of(
    record: RecordReference,
    page?: { readonly limit?: number; readonly after?: string | undefined },
  ): Promise<Page<ActivityRecord>>;
  /**
   * Emits `activity.reminder_due` for each activity that is not done and whose `remindAt` has come: once, until it is set to another
   * instant. For this handle's tenant. Batch by batch, each in a unit of its own: what is announced stays so when a later one fails.
   */
  remind(options?: RemindOptions): Promise<Reminded>;
  /** Overdue, today and upcoming for each owner, by the days of the owner's time zone. @throws `not_found` for who is no user. */
  agenda(query: AgendaQuery): Promise<readonly Agenda[]>;
  /**
   * What has happened to a record and around it, the latest first: activities, moves from stage to stage, changes of fields, and what
   * plugins add. Archived records have theirs; what was deleted or erased has none. @throws `not_found`; `invalid_cursor`
   */
  timeline(record: RecordReference, query?: TimelineQuery): Promise<Page<TimelineEntry>>;
}

export function activityOperations(context: DomainContext): ActivityOperations {
  return {
    complete: async (id, options = {}) => {
      const { version, outcome, doneAt } = checked(completeSchema, "activity", options);
      const came = { ...(outcome === undefined ? {} : { outcome }), ...(doneAt === undefined ? {} : { doneAt }) };
      return context.activities.update(id, { ...came, done: true }, version === undefined ? {} : { version });
    },
    addNote: async (record, note) => {
      const { entityType, id: recordId } = checked(referenceSchema, "activityLink", record);
      const { body, subject = beginningOf(body), ownerId = null } = checked(noteSchema, "activity", note);
      return context.transaction(async (tx) => {
        const { id: activityId, ...added } = await tx.activities.create({ kind: "note", subject, body, ownerId });
        await tx.activityLinks.create({ activityId, entityType, recordId });
        return { id: activityId, ...added };
      });
    },
    addParticipants: (id, participants) => addParticipants(context, id, participants),
    resolveParticipants: (given) => resolveParticipants(context, given),
    link: (id, record) => link(context, [{ id, record }]),
    linkMany: (links) => link(context, checked(z.array(linkSchema), "activityLink", links)),
    unlink: async (activityId, record) => {
      const { entityType, id: recordId } = checked(referenceSchema, "activityLink", record);
      await context.transaction(async (tx) => {
        const found = await tx.activityLinks.find({ where: { activityId, entityType, recordId } });
        if (found) await tx.activityLinks.delete(found.id);
      });
    },
    of: async (record, page = {}) =>
      context.activities.list({
        where: concerning(checked(referenceSchema, "activityLink", record)),
        orderBy: [{ timelineAt: "desc" }],
        ...page,
      }),
    remind: (options) => remind(context, options),
    agenda: (query) => agendaOf(context, query),
    timeline: (record, query) => timelineOf(context, record, query),
  };
}

const referenceSchema = z.strictObject({ entityType: z.string(), id: z.string() });
const linkSchema = z.strictObject({ id: z.string(), record: referenceSchema });
const completeSchema = z.strictObject({
  outcome: z.string().optional(),
  doneAt: z.date().optional(),
  version: z.int().optional(),
});
const noteSchema = z.strictObject({
  body: z.string().min(1),
  subject: z.string().optional(),
  ownerId: z.string().optional(),
});

const LONGEST_SUBJECT = 100;

function beginningOf(body: string): string {
  const [line = ""] = body.trim().split("\n", 1);
  const characters = [...line];
  return characters.length <= LONGEST_SUBJECT ? line : `${characters.slice(0, LONGEST_SUBJECT - 1).join("")}…`;
}

/** All or none; what is linked already stays as it is. */
async function link(
  context: DomainContext,
  links: readonly { readonly id: string; readonly record: RecordReference }[],
): Promise<void> {
  const wanted = new Map(
    links.map(({ id: activityId, record }) => {
      const { entityType, id: recordId } = checked(referenceSchema, "activityLink", record);
      return [JSON.stringify([activityId, entityType, recordId]), { activityId, entityType, recordId }];
    }),
  );
  await context.transaction(async (tx) => {
    const activityIds = [...new Set([...wanted.values()].map(({ activityId }) => activityId))].filter(isUuid);
    await lockEach(tx, "activity", activityIds);
    const missing = new Map(wanted);
    const known = tx.activityLinks.iterate({ where: { activityId: { in: activityIds } }, archived: "include" });
    for await (const { activityId, entityType, recordId } of known)
      missing.delete(JSON.stringify([activityId, entityType, recordId]));
    await tx.activityLinks.createMany([...missing.values()]);
  });
}

function checked<S extends z.ZodType>(schema: S, entity: string, given: unknown): z.output<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidInput(entity, inputIssues(parsed.error.issues, given));
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

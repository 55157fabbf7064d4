/** Whether a person may be approached, and by which channel; and who said that they may not. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import { isDate } from "../../kernel/value/calendar.ts";
import { isUuid } from "../../kernel/value/id.ts";
import { allIn, chunksOf } from "../contact-point/contact-points.ts";
import { normalEmail } from "../contact-point/normal-email.ts";
import { normalPhone } from "../contact-point/normal-phone.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { today } from "../settings/tenant-settings.ts";
import { type ContactRecord, checked } from "./find-parties.ts";
import { firstDay } from "./partial-date.ts";

export type RestrictionRecord = RecordOf<DomainModel, "contactRestriction">;

export interface PermissionQuery {
  /** "email", "phone", "sms", "mail", or any other word: restrictions are compared with it as it is written. */
  readonly channel: string;
  /**
   * Which e-mail address or phone number is to be used; of the contact's own, the primary one, unless given. One that has opted out or is
   * invalid is so for everybody: another contact with the same one counts too.
   */
  readonly address?: string;
  /** The day, "YYYY-MM-DD"; today for the organisation, unless given. */
  readonly on?: string;
}

export interface PermissionReason {
  readonly what: "deceased" | "do_not_contact" | "do_not_use_channel" | "opted_out" | "address_invalid";
  /** A day; of a death, as much of it as is known. */
  readonly since: string;
  readonly source: string | null;
}

export interface Permission {
  readonly contactId: string;
  readonly allowed: boolean;
  /** Why not: all that speaks against it. Whether there is an address at all is no question of permission. */
  readonly reasons: readonly PermissionReason[];
}

/** Stands for every channel in a restriction. */
const ALL = "all";

const day = z.string().refine(isDate, { message: "is not a day that exists, as YYYY-MM-DD" });
const word = z.string().min(1).max(100);
const querySchema = z.strictObject({ channel: word, address: z.string().optional(), on: day.optional() });
const restrictionSchema = z.strictObject({
  channel: word.optional(),
  since: day.optional(),
  source: z.string().optional(),
});

/** In the order of the ids. Four queries for each thousand contacts. @throws `not_found` */
export async function permissionsOf(
  context: DomainContext,
  ids: readonly string[],
  given: PermissionQuery,
): Promise<readonly Permission[]> {
  if (!Array.isArray(ids))
    throw invalidInput("contact", [{ field: "id", code: "invalid_type", message: "must be an id, or a list of ids" }]);
  const query = accepted(querySchema, given);
  const { channel, on = await today(context) } = query;
  const contacts = await contactsById(context, ids);
  const said = { channel: { in: [ALL, channel] }, since: { lte: on } };
  const restrictions = await allIn(chunksOf([...contacts.keys()]), (part) =>
    context.contactRestrictions.iterate({ where: { contactId: { in: part }, ...said } }),
  );
  const points = await pointsOf(context, [...contacts.keys()], { channel, address: query.address });
  const reasons = new Map([...contacts.values()].map((contact) => [contact.id, [...deathReasons(contact, on)]]));
  for (const restriction of restrictions) reasons.get(restriction.contactId)!.push(restrictionReason(restriction));
  for (const point of points) {
    const concerned = query.address === undefined ? [point.contactId!] : reasons.keys();
    for (const id of concerned) reasons.get(id)!.push(...pointReasons(point, on));
  }
  return ids.map((id) => ({ contactId: id, allowed: reasons.get(id)!.length === 0, reasons: reasons.get(id)! }));
}

/** Records that the contact must not be approached; what is recorded already takes the day and the source that are given. */
export async function restrictContact(
  context: DomainContext,
  id: string,
  given: { readonly channel?: string; readonly since?: string; readonly source?: string } = {},
): Promise<RestrictionRecord> {
  const { channel = ALL, since, source } = accepted(restrictionSchema, given);
  return context.transaction(async (tx) => {
    const { id: contactId } = await tx.contacts.get(id);
    await tx.lock(`contact:${contactId}`);
    const known = await tx.contactRestrictions.find({ where: { contactId, channel }, archived: "include" });
    const said = { ...(since === undefined ? {} : { since }), ...(source === undefined ? {} : { source }) };
    if (known?.archivedAt) await tx.contactRestrictions.restore(known.id);
    if (known) return tx.contactRestrictions.update(known.id, said);
    return tx.contactRestrictions.create({ contactId, channel, since: await today(tx), ...said });
  });
}

/** Lifts the restriction of the channel; without one, all of them. What was is history. Opt-outs of addresses stay. */
export async function liftRestrictions(
  context: DomainContext,
  id: string,
  given: { readonly channel?: string } = {},
): Promise<void> {
  const { channel } = accepted(restrictionSchema.pick({ channel: true }), given);
  await context.transaction(async (tx) => {
    const { id: contactId } = await tx.contacts.get(id);
    const where = { contactId, ...(channel === undefined ? {} : { channel }) };
    const lifted = await Array.fromAsync(tx.contactRestrictions.iterate({ where, archived: "include" }));
    await tx.contactRestrictions.deleteMany(lifted.map((restriction) => restriction.id));
  });
}

function accepted<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidInput("contactRestriction", inputIssues(parsed.error.issues, given));
}

async function contactsById(
  context: DomainContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ContactRecord>> {
  const contacts = await allIn(chunksOf(ids.filter((id) => typeof id === "string" && isUuid(id))), (part) =>
    context.contacts.iterate({ where: { id: { in: part } }, archived: "include" }),
  );
  const byId = new Map(contacts.map((contact) => [contact.id, contact]));
  for (const id of ids) {
    if (byId.has(id)) continue;
    const details = { entity: "contact", id: String(id) };
    throw new CrmError("not_found", `There is no contact "${String(id)}".`, { details });
  }
  return byId;
}

interface Point {
  readonly contactId: string | null;
  readonly optedOutOn: string | null;
  readonly optedOutSource: string | null;
  readonly invalidOn: string | null;
  readonly invalidSource: string | null;
}

const ADDRESS = { entity: "contactRestriction", field: "address" };

/** The addresses that the channel would use. */
async function pointsOf(
  context: DomainContext,
  contactIds: readonly string[],
  { channel, address }: { readonly channel: string; readonly address: string | undefined },
): Promise<readonly Point[]> {
  const primary = chunksOf(contactIds).map((ids) => ({ where: { contactId: { in: ids }, isPrimary: true } }));
  switch (channel) {
    case "email": {
      const pointsIn = (where: Written) => allIn([where], (query) => context.emailAddresses.iterate(query));
      if (address !== undefined) return pointsIn(written([checked(ADDRESS, address, normalEmail)]));
      return alike(await allIn(primary, (query) => context.emailAddresses.iterate(query)), pointsIn);
    }
    case "phone":
    case "sms":
    case "whatsapp":
    case "fax": {
      const pointsIn = (where: Written) => allIn([where], (query) => context.phoneNumbers.iterate(query));
      const normal = (number: string) => normalPhone(context, number);
      if (address !== undefined) return pointsIn(written([checked(ADDRESS, address, normal)]));
      return alike(await allIn(primary, (query) => context.phoneNumbers.iterate(query)), pointsIn);
    }
    default: {
      if (address !== undefined) {
        const message = "is for the channels email, phone, sms, whatsapp and fax";
        throw invalidInput("contactRestriction", [{ field: "address", code: "not_allowed", message }]);
      }
      return channel === "mail" ? allIn(primary, (query) => context.postalAddresses.iterate(query)) : [];
    }
  }
}

interface Written {
  readonly where: { readonly normalized: { readonly in: readonly string[] } };
  readonly archived: "include";
}

/** The same address wherever it is written: one that was put away, or is somebody else's too, has opted out all the same. */
function written(normalized: readonly string[]): Written {
  return { where: { normalized: { in: normalized } }, archived: "include" };
}

interface NamedPoint extends Point {
  readonly normalized: string;
}

/** What is said of the addresses of these contacts, in their own rows and in others' of the same address. */
async function alike(
  own: readonly NamedPoint[],
  pointsIn: (where: Written) => Promise<readonly NamedPoint[]>,
): Promise<readonly Point[]> {
  const byAddress = new Map<string, NamedPoint[]>();
  for (const point of own) byAddress.set(point.normalized, [...(byAddress.get(point.normalized) ?? []), point]);
  const said: Point[] = [];
  for (const part of chunksOf([...byAddress.keys()])) {
    for (const point of await pointsIn(written(part)))
      said.push(...byAddress.get(point.normalized)!.map(({ contactId }) => ({ ...point, contactId })));
  }
  return said;
}

/** It may have been then: the day that is not known is taken for the first one possible. */
function deathReasons({ deathDate }: ContactRecord, on: string): readonly PermissionReason[] {
  return deathDate !== null && firstDay(deathDate) <= on ? [{ what: "deceased", since: deathDate, source: null }] : [];
}

function restrictionReason({ channel, since, source }: RestrictionRecord): PermissionReason {
  return { what: channel === ALL ? "do_not_contact" : "do_not_use_channel", since, source };
}

function pointReasons(point: Point, on: string): readonly PermissionReason[] {
  const { optedOutOn, invalidOn } = point;
  return [
    ...(optedOutOn !== null && optedOutOn <= on
      ? [{ what: "opted_out", since: optedOutOn, source: point.optedOutSource } as const]
      : []),
    ...(invalidOn !== null && invalidOn <= on
      ? [{ what: "address_invalid", since: invalidOn, source: point.invalidSource } as const]
      : []),
  ];
}

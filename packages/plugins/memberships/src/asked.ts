/** How what callers give is checked. */
import { inputIssues, invalidInput, isDate } from "@relata/core/plugin";
import * as z from "zod";

const EARLIEST = new Date("0002-01-01T12:00:00Z");
const LATEST = new Date("9999-01-01T00:00:00Z");

export const daySchema = z.string().refine(isDate, { message: "is not a day that exists, as YYYY-MM-DD" });
/** Its day, in any time zone, and the days around it are of the calendar. */
export const instantSchema = z.date().refine((instant) => instant >= EARLIEST && instant < LATEST, {
  message: "is an instant before the year 2, or after the year 9998",
});
export const idSchema = z.string().min(1);
export const moneySchema = z.strictObject({ amount: z.string(), currency: z.string() });
export const reasonSchema = z.string().max(2_000).optional();

export interface DayQuery {
  /** The day, "YYYY-MM-DD"; today for the organisation, unless given. */
  readonly on?: string | undefined;
}

export const dayQuerySchema = z.strictObject({ on: daySchema.optional() });

/** Who is meant: a contact or an account. */
export interface Party {
  readonly contactId?: string | null | undefined;
  readonly accountId?: string | null | undefined;
}

export interface Payer {
  readonly payerContactId?: string | undefined;
  readonly payerAccountId?: string | undefined;
}

/** @throws `invalid_input`, naming each wrong field by its entity */
export function parsed<S extends z.ZodType>(entity: string, schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given);
  if (!result.success) throw invalidInput(entity, inputIssues(result.error.issues, given));
  return result.data;
}

/** Who pays, where it was said: both fields, one of which is null. @throws `invalid_input` for both */
export function payerOf(given: Payer): Readonly<Record<keyof Payer, string | null>> | undefined {
  const { payerContactId = null, payerAccountId = null } = given;
  if (payerContactId === null && payerAccountId === null) return undefined;
  if (payerContactId === null || payerAccountId === null) return { payerContactId, payerAccountId };
  const message = "and payerAccountId cannot both be given: it is one who pays";
  throw invalidInput("membership", [{ field: "payerContactId", code: "not_allowed", message }]);
}

/** Exactly one of the two. @throws `invalid_input` */
export function requireParty({ contactId = null, accountId = null }: Party, entity = "membership") {
  if ((contactId === null) !== (accountId === null)) return { contactId, accountId };
  const message = "or accountId is required, and not both: who is the member";
  throw invalidInput(entity, [{ field: "contactId", code: "missing_field", message }]);
}

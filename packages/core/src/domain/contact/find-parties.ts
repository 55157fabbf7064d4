/** Whose address, number or domain something is: look-ups by the form that they are compared by. */
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import { normalDomain } from "../contact-point/normal-domain.ts";
import { normalEmail } from "../contact-point/normal-email.ts";
import { normalPhone } from "../contact-point/normal-phone.ts";
import type { Normalized } from "../contact-point/normalized.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";

export type ContactRecord = RecordOf<DomainModel, "contact">;
export type AccountRecord = RecordOf<DomainModel, "account">;

export interface LookUpOptions {
  /** Archived contacts or accounts too, or only those; addresses that are archived are never looked at. */
  readonly archived?: "exclude" | "include" | "only";
}

/** More are not given: the first ones are. */
const MOST = 1_000;

export async function contactsByEmail(
  context: DomainContext,
  address: string,
  options: LookUpOptions = {},
): Promise<readonly ContactRecord[]> {
  const normalized = checked({ entity: "emailAddress", field: "address" }, address, normalEmail);
  const where = { emailAddresses: { some: { normalized, archivedAt: null } } };
  return (await context.contacts.list({ where, archived: options?.archived ?? "exclude", limit: MOST })).items;
}

export async function contactsByPhone(
  context: DomainContext,
  number: string,
  options: LookUpOptions = {},
): Promise<readonly ContactRecord[]> {
  const normalized = checked({ entity: "phoneNumber", field: "number" }, number, (text) => normalPhone(context, text));
  const where = { phoneNumbers: { some: { normalized, archivedAt: null } } };
  return (await context.contacts.list({ where, archived: options?.archived ?? "exclude", limit: MOST })).items;
}

export async function accountsByDomain(
  context: DomainContext,
  domain: string,
  options: LookUpOptions = {},
): Promise<readonly AccountRecord[]> {
  const host = typeof domain === "string" ? domain.normalize("NFKC").split("@").at(-1)! : domain;
  const normalized = checked({ entity: "accountDomain", field: "domain" }, host, normalDomain);
  const where = { domains: { some: { normalized, archivedAt: null } } };
  return (await context.accounts.list({ where, archived: options?.archived ?? "exclude", limit: MOST })).items;
}

/** @throws `invalid_input`, naming the field. */
export function checked(
  { entity, field }: { readonly entity: string; readonly field: string },
  text: unknown,
  normal: (text: string) => Normalized,
): string {
  const given: Normalized = typeof text === "string" ? normal(text) : { problem: "must be a text" };
  if (given.problem === undefined) return given.normalized;
  const code = typeof text === "string" ? "invalid_value" : "invalid_type";
  throw invalidInput(entity, [{ field, code, message: given.problem }]);
}

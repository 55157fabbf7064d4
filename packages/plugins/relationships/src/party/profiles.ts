/** Says of accounts what kinds of parties they are. */
import * as z from "zod";
import { attributeValueSchema, attributeValuesSchema, idSchema, keySchema, parsed } from "../asked.ts";
import type { PartyKindRecord, PartyProfileRecord, RelationshipsContext } from "../parts.ts";
import { kindsByKey } from "./define-party-kinds.ts";

export interface ProfileInput {
  /** The key of the kind. */
  readonly kind: string;
  /** By the attributes of the kind. What is not named stays as it was, and null takes a value away. */
  readonly attributes?: { readonly [key: string]: string | number | boolean | null } | undefined;
}

const profileSchema = z.strictObject({
  kind: keySchema,
  attributes: attributeValuesSchema(attributeValueSchema.nullable()).default({}),
});

/** One unit. @throws as `setProfile` */
export async function setProfile(
  context: RelationshipsContext,
  accountId: string,
  input: ProfileInput,
): Promise<PartyProfileRecord> {
  const id = parsed("partyProfile", idSchema, accountId);
  const { kind: key, attributes } = parsed("partyProfile", profileSchema, input);
  return context.transaction(async (tx) => {
    // What is not named stays: who says something of it at the same time waits.
    await tx.lock(`partyProfile:${id}`);
    const [kind] = await kindsByKey(tx, [key]);
    const where = { accountId: id, kindId: kind!.id };
    const found = await tx.partyProfiles.find({ where, archived: "include" });
    const values = Object.entries({ ...found?.attributes, ...attributes });
    const given = Object.fromEntries(values.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
    if (!found) return tx.partyProfiles.create({ ...where, attributes: given });
    const profile = await tx.partyProfiles.update(found.id, { attributes: given });
    return profile.archivedAt === null ? profile : tx.partyProfiles.restore(profile.id);
  });
}

/** One unit. @throws as `removeProfile` */
export async function removeProfile(context: RelationshipsContext, accountId: string, kind: string): Promise<void> {
  const id = parsed("partyProfile", idSchema, accountId);
  const key = parsed("partyProfile", keySchema, kind);
  await context.transaction(async (tx) => {
    const [found] = await kindsByKey(tx, [key]);
    const profile = await tx.partyProfiles.find({ where: { accountId: id, kindId: found!.id }, archived: "include" });
    if (profile) await tx.partyProfiles.delete(profile.id);
    else await tx.accounts.get(id, { select: ["id"] });
  });
}

/** A kind that an account is of, and what it is described by. */
export interface Described {
  readonly kind: PartyKindRecord;
  readonly profile: PartyProfileRecord;
}

/** In the order in which it was said. @throws `not_found` */
export async function profilesOf(context: RelationshipsContext, accountId: string): Promise<readonly Described[]> {
  const id = parsed("partyProfile", idSchema, accountId);
  await context.accounts.get(id, { select: ["id"] });
  const query = { where: { accountId: id }, orderBy: [{ createdAt: "asc" }], include: { kind: true } } as const;
  const profiles = await Array.fromAsync(context.partyProfiles.iterate(query));
  return profiles.map(({ kind, ...profile }) => ({ kind: kind!, profile }));
}

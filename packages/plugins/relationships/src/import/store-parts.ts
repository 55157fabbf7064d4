/** Brings in what stands in a document beside relationships. What is there already is left as it is; what an account has, where the account is there. */
import { isUuid } from "@relata/core/plugin";
import * as z from "zod";
import { attributeValueSchema, attributeValuesSchema, daySchema, idSchema, keySchema, parsedAll } from "../asked.ts";
import { defineEngagementType, type EngagementTypeDefinition, typesByKey } from "../engagement/engage.ts";
import { inferenceServices } from "../inference/inference-services.ts";
import type { InferenceRuleInput } from "../inference/rule-schemas.ts";
import { officeSchema } from "../office/define-offices.ts";
import type { RelationshipsContext } from "../parts.ts";
import { definePartyKinds, kindsByKey, type PartyKindDefinition } from "../party/define-party-kinds.ts";
import { chunksOf } from "../things.ts";
import type { TypeDefinition } from "../type/define-relationship-type.ts";
import { defineTypes } from "../type/define-types.ts";
import { typesOfKeys } from "../type/read-types.ts";
import type { CheckedOptions } from "./import-options.ts";
import { wrongText } from "./read-text.ts";
import type { DocumentPart } from "./source-row.ts";

type Write = (tx: RelationshipsContext, values: readonly never[]) => Promise<unknown>;

/** By `definesTypes` only. */
const definitions: { readonly [P in DocumentPart]?: Write } = {
  types: async (tx, values: readonly TypeDefinition[]) =>
    defineTypes(tx, await unknownOf(tx, "relationshipType", values)),
  engagementTypes: async (tx, values: readonly EngagementTypeDefinition[]) => {
    for (const each of await unknownOf(tx, "engagementType", values)) await defineEngagementType(tx, each);
  },
  partyKinds: async (tx, values: readonly PartyKindDefinition[]) =>
    definePartyKinds(tx, await unknownOf(tx, "partyKind", values)),
  rules: async (tx, values: readonly InferenceRuleInput[]) =>
    inferenceServices(tx).defineRules(await unknownOf(tx, "inferenceRule", values)),
};

const things: { readonly [P in DocumentPart]?: Write } = {
  offices: storeOffices,
  engagements: storeEngagements,
  profiles: storeProfiles,
};

/** One unit. @throws `invalid_input`, telling of each value that cannot be by its `index` among some thousand; what the definitions refuse */
export async function storeParts(
  context: RelationshipsContext,
  { part, values }: { readonly part: DocumentPart; readonly values: readonly unknown[] },
  { definesTypes }: Pick<CheckedOptions, "definesTypes">,
): Promise<void> {
  const write = things[part] ?? (definesTypes ? definitions[part] : undefined);
  if (!write) return;
  if (values.some((value) => typeof value !== "object" || value === null))
    throw wrongText(`json.${part}`, "must be a list of objects");
  await context.transaction(async (tx) => {
    await tx.lock("relationshipImport");
    await write(tx, values as readonly never[]);
  });
}

/** Those whose keys are not there. @throws `invalid_input` for what has no key */
async function unknownOf<T extends { readonly key: string }>(
  tx: RelationshipsContext,
  entityType: string,
  values: readonly T[],
): Promise<readonly T[]> {
  parsedAll(entityType, z.looseObject({ key: keySchema }), values);
  const known = new Set<unknown>();
  for (const part of chunksOf(values.map(({ key }) => key)))
    for await (const record of tx.repository(entityType).iterate({ where: { key: { in: part } } }))
      known.add(record.key);
  return values.filter(({ key }) => !known.has(key));
}

async function storeOffices(tx: RelationshipsContext, values: readonly unknown[]): Promise<void> {
  const given = parsedAll("office", officeSchema.extend({ id: idSchema }), values);
  const there = await idsThere(
    tx,
    "account",
    given.map(({ accountId }) => accountId),
  );
  const known = await idsThere(
    tx,
    "office",
    given.map(({ id }) => id),
  );
  const titled = new Set<string>();
  for (const part of chunksOf([...there]))
    for await (const office of tx.offices.iterate({ where: { accountId: { in: part } }, archived: "include" }))
      titled.add(`${office.accountId} ${office.title}`);
  const fresh = given.filter(
    ({ id, accountId, title }) => there.has(accountId) && !known.has(id) && !titled.has(`${accountId} ${title}`),
  );
  const keys = fresh.flatMap(({ type }) => type ?? []);
  const types = keys.length > 0 ? await typesOfKeys(tx, keys) : new Map<string, { readonly id: string }>();
  await tx.offices.createMany(
    fresh.map(({ type, isSingleHolder = true, validFrom = null, validUntil = null, ...office }) => ({
      ...{ ...office, isSingleHolder, validFrom, validUntil },
      ...(type === undefined ? {} : { typeId: types.get(type)!.id }),
    })),
  );
}

const engagementSchema = z.strictObject({
  id: idSchema,
  type: keySchema,
  name: z.string(),
  validFrom: daySchema.nullable().default(null),
  validUntil: daySchema.nullable().default(null),
  notes: z.string().nullable().default(null),
});

async function storeEngagements(tx: RelationshipsContext, values: readonly unknown[]): Promise<void> {
  const given = parsedAll("engagement", engagementSchema, values);
  const known = await idsThere(
    tx,
    "engagement",
    given.map(({ id }) => id),
  );
  const fresh = given.filter(({ id }) => !known.has(id));
  const kinds = await typesByKey(
    tx,
    fresh.map(({ type }) => type),
  );
  await tx.engagements.createMany(
    fresh.map(({ type: _, ...engagement }, at) => ({ ...engagement, typeId: kinds[at]!.id })),
  );
}

const profileSchema = z.strictObject({
  id: idSchema,
  accountId: idSchema,
  kind: keySchema,
  attributes: attributeValuesSchema(attributeValueSchema).default({}),
});

async function storeProfiles(tx: RelationshipsContext, values: readonly unknown[]): Promise<void> {
  const given = parsedAll("partyProfile", profileSchema, values);
  const there = await idsThere(
    tx,
    "account",
    given.map(({ accountId }) => accountId),
  );
  const kinds = await kindsByKey(
    tx,
    given.map(({ kind }) => kind),
  );
  const known = await idsThere(
    tx,
    "partyProfile",
    given.map(({ id }) => id),
  );
  const described = new Set<string>();
  for (const part of chunksOf([...there]))
    for await (const { accountId, kindId } of tx.partyProfiles.iterate({
      where: { accountId: { in: part } },
      archived: "include",
    }))
      described.add(`${accountId} ${kindId}`);
  const fresh = given
    .map(({ kind: _, ...profile }, at) => ({ ...profile, kindId: kinds[at]!.id }))
    .filter(
      ({ id, accountId, kindId }) => there.has(accountId) && !known.has(id) && !described.has(`${accountId} ${kindId}`),
    );
  await tx.partyProfiles.createMany(fresh);
}

/** Those that the tenant has, the archived ones too; accounts only if they are not. */
async function idsThere(
  tx: RelationshipsContext,
  entityType: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const archived = entityType === "account" ? "exclude" : "include";
  for (const part of chunksOf([...new Set(ids.filter(isUuid))]))
    for await (const { id } of tx.repository(entityType).iterate({ where: { id: { in: part } }, archived }))
      found.add(id);
  return found;
}

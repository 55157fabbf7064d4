/** What is kept of a party in fields, and who wrote them. */
import { type AnyRecord, CrmError, type RecordReference } from "@relata/core/plugin";
import { displayName } from "../names-of.ts";
import type { RelationshipsContext } from "../parts.ts";

export interface KnownField {
  readonly field: string;
  readonly value: unknown;
  /** Since when it has this value, and who wrote it; null where it is not known who, or history is not kept. */
  readonly since: Date | null;
  readonly by: string | null;
}

/** A record that belongs to the party: an e-mail address, an affiliation. */
export interface KnownRecord extends RecordReference {
  readonly fields: { readonly [field: string]: unknown };
  /** Its last change. */
  readonly since: Date | null;
  readonly by: string | null;
}

/** What of an entity refers to the party by a field. */
export interface KnownReferences {
  readonly entityType: string;
  readonly field: string;
  readonly count: number;
  /** The latest of them, twenty at most, by what they are called; none for the party. */
  readonly records: readonly { readonly id: string; readonly name: string }[];
}

const baseFields = new Set(["id", "version", "createdAt", "createdBy", "updatedAt", "updatedBy", "archivedAt"]);

/** What of a party stands in records of its own, by the entity of the party. */
const ownRecords: { readonly [entityType: string]: readonly string[] } = {
  contact: ["emailAddress", "phoneNumber", "postalAddress", "affiliation", "contactRestriction"],
  account: ["emailAddress", "phoneNumber", "postalAddress", "accountDomain", "partyProfile"],
};

/** Of each field that has a value, by the versions of the record: one query for every thousand of them. */
export async function knownFields(
  context: RelationshipsContext,
  { entityType, id }: RecordReference,
  record: AnyRecord,
): Promise<readonly KnownField[]> {
  const names = Object.keys(record).filter((name) => !baseFields.has(name) && hasValue(record[name]));
  const written = await lastWrites(context, { entityType, id }, new Set(names));
  return names.map((field) => {
    const { at = null, by = null } = written.get(field) ?? {};
    return { field, value: record[field], since: at, by };
  });
}

async function lastWrites(
  context: RelationshipsContext,
  { entityType, id }: RecordReference,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, { readonly at: Date; readonly by: string | null }>> {
  const repository = context.repository(entityType);
  const found = new Map<string, { readonly at: Date; readonly by: string | null }>();
  let before: { readonly at: Date; readonly id: string; readonly version: number } | undefined;
  try {
    do {
      const versions = await repository.versions({ ids: [id], limit: 1_000, ...(before ? { before } : {}) });
      for (const { at, by, changes } of versions)
        for (const { field } of changes) if (wanted.has(field) && !found.has(field)) found.set(field, { at, by });
      const last = versions.length === 1_000 ? versions.at(-1)! : undefined;
      before = last && { at: last.at, id, version: last.version };
    } while (before && found.size < wanted.size);
  } catch (error) {
    if (!CrmError.is(error, "no_history")) throw error;
  }
  return found;
}

/** One query for each entity whose records belong to a party. */
export async function knownRecords(
  context: RelationshipsContext,
  { entityType, id }: RecordReference,
): Promise<readonly KnownRecord[]> {
  const found: KnownRecord[] = [];
  const installed = new Map(context.entities().map((entity) => [entity.name, entity]));
  for (const name of ownRecords[entityType] ?? []) {
    const field = installed.get(name)?.fields.find(({ to }) => to === entityType)?.name;
    if (field === undefined) continue;
    for await (const record of context.repository(name).iterate({ where: { [field]: id } })) {
      const own = Object.entries(record).filter(
        ([key, value]) => !baseFields.has(key) && key !== field && hasValue(value),
      );
      const { updatedAt, updatedBy } = record as { readonly updatedAt?: Date; readonly updatedBy?: string | null };
      found.push({
        ...{ entityType: name, id: record.id, fields: Object.fromEntries(own) },
        ...{ since: updatedAt ?? null, by: updatedBy ?? null },
      });
    }
  }
  return found;
}

/** What an explanation tells in lists of its own. */
const toldApart = new Set(["relationship", "partyStatement", "partyReading"]);
const LATEST = 20;

/** What else refers to the party, in all that is installed: one query for each reference that an entity has to its entity or to any, and one more for many. */
export async function knownReferences(
  context: RelationshipsContext,
  { entityType, id }: RecordReference,
  { isParty }: { readonly isParty: boolean },
): Promise<readonly KnownReferences[]> {
  const told = new Set([...(ownRecords[entityType] ?? []), ...toldApart]);
  const found: KnownReferences[] = [];
  for (const { name, fields, pairs } of context.entities()) {
    if (told.has(name)) continue;
    const repository = context.repository(name);
    const direct = fields.flatMap((field) =>
      field.to === entityType ? [{ field: field.name, where: { [field.name]: id } }] : [],
    );
    const paired = pairs.map((pair) => ({ field: pair.id, where: { [pair.type]: entityType, [pair.id]: id } }));
    for (const { field, where } of [...direct, ...paired]) {
      const query = { where, archived: "include" } as const;
      const { items, next } = await repository.list({ ...query, orderBy: [{ createdAt: "desc" }], limit: LATEST });
      if (items.length === 0) continue;
      const count = next === undefined ? items.length : await repository.count(query);
      const records = isParty ? [] : items.map((record) => ({ id: record.id, name: displayName(record) }));
      found.push({ entityType: name, field, count, records });
    }
  }
  return found;
}

function hasValue(value: unknown): boolean {
  return value !== null && value !== undefined && value !== "";
}

/** Makes kinds of parties, or makes them as they are defined. */
import * as z from "zod";
import { parsedAll } from "../asked.ts";
import type { PartyKindRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";
import { type AttributeDefinition, attributesSchema } from "../type/type-schemas.ts";

export interface PartyKindDefinition {
  readonly key: string;
  /** Its key unless given, where it is new. */
  readonly name?: string | undefined;
  /** What accounts of this kind are described by; nothing unless given. */
  readonly attributes?: readonly AttributeDefinition[] | undefined;
}

const definitionSchema = () =>
  z.strictObject({ key: z.string(), name: z.string().optional(), attributes: attributesSchema().optional() });

/**
 * By key, in the order given; one unit. What a definition leaves out is as it is where the kind is there. One that is archived comes back.
 *
 * @throws `invalid_input`; `party_kind_in_use` where an account is described otherwise
 */
export async function definePartyKinds(
  context: RelationshipsContext,
  definitions: readonly PartyKindDefinition[],
): Promise<readonly PartyKindRecord[]> {
  const given = parsedAll("partyKind", definitionSchema(), definitions);
  return context.transaction(async (tx) => {
    const keys = given.map(({ key }) => key);
    const where = { key: { in: keys } };
    const there = await Array.fromAsync(tx.partyKinds.iterate({ where, archived: "include" }));
    const names = new Map(there.map(({ key, name }) => [key, name]));
    const inputs = given.map(({ key, name = names.get(key) ?? key, attributes }) => ({
      ...{ key, name },
      ...(attributes === undefined ? {} : { attributes }),
    }));
    const kinds: PartyKindRecord[] = [];
    for (const { record } of await tx.partyKinds.upsertMany(inputs, { by: "key" }))
      kinds.push(record.archivedAt === null ? record : await tx.partyKinds.restore(record.id));
    return kinds;
  });
}

/** In the order of the keys. @throws `unknown_party_kind` */
export async function kindsByKey(
  context: RelationshipsContext,
  keys: readonly string[],
): Promise<readonly PartyKindRecord[]> {
  const found = new Map<string, PartyKindRecord>();
  for (const part of chunksOf([...new Set(keys)]))
    for await (const kind of context.partyKinds.iterate({ where: { key: { in: part } } })) found.set(kind.key, kind);
  const absent = keys.find((key) => !found.has(key));
  if (absent === undefined) return keys.map((key) => found.get(key)!);
  const all = await Array.fromAsync(context.partyKinds.iterate({ orderBy: [{ key: "asc" }] }));
  const known = all.map(({ key }) => key).join(", ") || "none yet";
  throw context.error("unknown_party_kind", { entity: "partyKind", field: "kind", kind: absent, known });
}

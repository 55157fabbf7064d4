/** Makes offices, or makes them as they are defined. */
import * as z from "zod";
import { daySchema, idSchema, keySchema, parsedAll } from "../asked.ts";
import type { OfficeRecord, RelationshipsContext } from "../parts.ts";
import { typesOfKeys } from "../type/read-types.ts";

export interface OfficeDefinition {
  readonly accountId: string;
  readonly title: string;
  /** The key of the type of relationships by which it is held; `office_holder` unless given. */
  readonly type?: string | undefined;
  /** At most one holds it on a day: so it is unless said otherwise. */
  readonly isSingleHolder?: boolean | undefined;
  /** The days on which there is the office; null: open. */
  readonly validFrom?: string | null | undefined;
  readonly validUntil?: string | null | undefined;
}

export const officeSchema = z.strictObject({
  accountId: idSchema,
  title: z.string(),
  type: keySchema.optional(),
  isSingleHolder: z.boolean().optional(),
  validFrom: daySchema.nullable().optional(),
  validUntil: daySchema.nullable().optional(),
});

/**
 * An office is known by its account and its title: one that is there gets what is given, and what is not given stays; one that is archived
 * comes back. In the order given. One unit.
 *
 * @throws `invalid_input`, `unknown_relationship_type`, `reference_not_found`; `office_held_twice`, `office_not_there`, `office_in_use` where
 * those who hold it do not fit what it is to be
 */
export async function defineOffices(
  context: RelationshipsContext,
  definitions: readonly OfficeDefinition[],
): Promise<readonly OfficeRecord[]> {
  const given = parsedAll("office", officeSchema, definitions);
  return context.transaction(async (tx) => {
    const keys = given.flatMap(({ type }) => type ?? []);
    const types = keys.length > 0 ? await typesOfKeys(tx, keys) : new Map<string, { readonly id: string }>();
    const inputs = given.map(({ type, isSingleHolder, validFrom, validUntil, ...office }) => ({
      ...office,
      ...(type === undefined ? {} : { typeId: types.get(type)!.id }),
      ...(isSingleHolder === undefined ? {} : { isSingleHolder }),
      ...(validFrom === undefined ? {} : { validFrom }),
      ...(validUntil === undefined ? {} : { validUntil }),
    }));
    const defined = await tx.offices.upsertMany(inputs, { by: ["accountId", "title"] });
    const offices: OfficeRecord[] = [];
    for (const { record } of defined)
      offices.push(record.archivedAt === null ? record : await tx.offices.restore(record.id));
    return offices;
  });
}

/** Relationships, as services. */
import type { RecordReference } from "@relata/core/plugin";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";

type NewRelationship = Parameters<RelationshipsContext["relationships"]["create"]>[0];

export interface RelateInput
  extends Omit<NewRelationship, "typeId" | "fromType" | "fromId" | "toType" | "toId" | "id"> {
  /** The key of its type. */
  readonly type: string;
  readonly from: RecordReference;
  readonly to: RecordReference;
}

export const edgeServices = (context: RelationshipsContext) => ({
  /** Relates many, in one unit; in the order given. */
  relateMany: (inputs: readonly RelateInput[]): Promise<readonly RelationshipRecord[]> =>
    context.transaction(async (tx) => {
      const keys = [...new Set(inputs.map(({ type }) => type))];
      const ids = new Map<string, string>();
      for await (const { key, id } of tx.relationshipTypes.iterate({ where: { key: { in: keys } } })) ids.set(key, id);
      return tx.relationships.createMany(
        inputs.map(({ type, from, to, ...values }) => ({
          ...values,
          typeId: ids.get(type)!,
          ...{ fromType: from.entityType, fromId: from.id, toType: to.entityType, toId: to.id },
        })),
      );
    }),
});

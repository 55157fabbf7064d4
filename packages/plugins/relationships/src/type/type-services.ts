/** Types, as services. */
import type { RelationshipsContext, TypeRecord } from "../parts.ts";

type NewType = Parameters<RelationshipsContext["relationshipTypes"]["create"]>[0];

export const typeServices = (context: RelationshipsContext) => ({
  /** Makes types, or makes those of these keys as they are defined; in the order given. One unit. */
  defineTypes: (types: readonly NewType[]): Promise<readonly TypeRecord[]> =>
    context.transaction(async (tx) => {
      const defined: TypeRecord[] = [];
      for (const type of types) defined.push((await tx.relationshipTypes.upsert(type, { by: "key" })).record);
      return defined;
    }),
});

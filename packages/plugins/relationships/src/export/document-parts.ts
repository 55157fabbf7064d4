/** What stands in a document beside relationships, page by page. */
import type { EngagementTypeDefinition } from "../engagement/engage.ts";
import { roleTypeKey } from "../engagement/engagement-roles.ts";
import type { DocumentPart } from "../import/source-row.ts";
import { inputOf } from "../inference/asked-rules.ts";
import type {
  EngagementTypeRecord,
  PartyKindRecord,
  RelationshipRecord,
  RelationshipsContext,
  TypeRecord,
} from "../parts.ts";
import { chunksOf } from "../things.ts";
import type { TypeDefinition } from "../type/define-relationship-type.ts";
import { officeHolderType } from "../type/standard-types.ts";
import { type AskedGraph, endsOf } from "./read-graph.ts";

type Pages = AsyncIterable<readonly unknown[]>;

/**
 * All that there are. Of what is around things (`held`), and of some types: those that belong to them, and no rules; descriptions of accounts only
 * where no types are named.
 */
export function documentPartsOf(
  context: RelationshipsContext,
  asked: AskedGraph,
  held: readonly RelationshipRecord[] | undefined,
): { readonly [P in DocumentPart]: () => Pages } {
  const types = [...asked.types.values()];
  const isMeant = typesMeant(asked, held);
  const ids = held && {
    engagement: [
      ...new Set(held.flatMap(endsOf).flatMap(({ entityType, id }) => (entityType === "engagement" ? [id] : []))),
    ],
    office: [...new Set(held.flatMap(({ officeId }) => officeId ?? []))],
  };
  const kindsOfEngagements = async () => {
    const all = await Array.fromAsync(context.engagementTypes.iterate({ orderBy: [{ key: "asc" }] }));
    const keys = new Set(types.filter(isMeant).map(({ key }) => key));
    return all.filter(({ key, roles }) => roles.some((role) => keys.has(roleTypeKey(key, role.key))));
  };
  return {
    async *types() {
      const all = await Array.fromAsync(context.engagementTypes.iterate());
      const ofRoles = new Set(all.flatMap(({ key, roles }) => roles.map((role) => roleTypeKey(key, role.key))));
      const own = types.filter((type) => isMeant(type) && !ofRoles.has(type.key));
      yield own.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(definitionOf);
    },
    async *engagementTypes() {
      yield (await kindsOfEngagements()).map(
        ({ key, name, roles }): EngagementTypeDefinition => ({
          key,
          name,
          roles: roles as EngagementTypeDefinition["roles"],
        }),
      );
    },
    async *partyKinds() {
      if (asked.typeIds || held) return;
      for await (const { key, name, attributes } of context.partyKinds.iterate({ orderBy: [{ key: "asc" }] }))
        yield [{ key, name, attributes }];
    },
    async *rules() {
      if (asked.typeIds || held) return;
      for await (const rule of context.inferenceRules.iterate({ orderBy: [{ key: "asc" }] })) yield [inputOf(rule)];
    },
    async *offices() {
      const holder = types.find(({ key }) => key === officeHolderType.key);
      for (const where of wheresOf(ids?.office)) {
        for await (const office of context.offices.iterate({ where })) {
          const type = office.typeId === null ? holder : asked.types.get(office.typeId);
          if (!held && asked.typeIds && !(type && isMeant(type))) continue;
          const { id, accountId, title, isSingleHolder, validFrom, validUntil } = office;
          const key = office.typeId === null ? {} : { type: type!.key };
          yield [{ id, accountId, title, ...key, isSingleHolder, validFrom, validUntil }];
        }
      }
    },
    async *engagements() {
      const kinds = new Map(
        (await kindsOfEngagements()).map((kind): [string, EngagementTypeRecord] => [kind.id, kind]),
      );
      for (const where of wheresOf(ids?.engagement)) {
        for await (const { id, typeId, name, validFrom, validUntil, notes } of context.engagements.iterate({ where })) {
          const kind = kinds.get(typeId);
          if (kind) yield [{ id, type: kind.key, name, validFrom, validUntil, notes }];
        }
      }
    },
    async *profiles() {
      if (asked.typeIds || held) return;
      const kinds = new Map<string, PartyKindRecord>();
      for await (const kind of context.partyKinds.iterate()) kinds.set(kind.id, kind);
      for await (const { id, accountId, kindId, attributes } of context.partyProfiles.iterate()) {
        const kind = kinds.get(kindId);
        if (kind) yield [{ id, accountId, kind: kind.key, attributes }];
      }
    },
  };
}

function typesMeant({ typeIds }: AskedGraph, held: readonly RelationshipRecord[] | undefined) {
  const used = held && new Set(held.map(({ typeId }) => typeId));
  const wanted = typeIds && new Set(typeIds);
  return ({ id }: TypeRecord) => (used?.has(id) ?? true) && (wanted?.has(id) ?? true);
}

/** A condition for every thousand ids; none where all are meant. */
function wheresOf(ids: readonly string[] | undefined) {
  return ids ? chunksOf(ids).map((part) => ({ id: { in: part } })) : [{}];
}

function definitionOf(type: TypeRecord): TypeDefinition {
  const { key, category, shape, name, inverseName, fromRole, toRole, variants, fromEntities, toEntities } = type;
  const { limits, mayOverlap, mayReverse, mayRelateToSelf, attributes, defaultStrength } = type;
  return {
    ...{ key, category, shape, name, inverseName, fromRole, toRole, variants, fromEntities, toEntities },
    ...{ limits, mayOverlap, mayReverse, mayRelateToSelf, attributes, defaultStrength },
  };
}

/** How relationships read from one of their sides. */
import { CrmError, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { idSchema, parsed, thingSchema } from "../asked.ts";
import { orient } from "../edges-around.ts";
import { displayName, recordsOf } from "../names-of.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf, isSameThing, thingKey } from "../things.ts";
import { genderOf } from "../type/gender.ts";
import { labelOf } from "../type/label-of.ts";
import { readTypes } from "../type/read-types.ts";
import { otherEnd } from "../type/type-ends.ts";

export interface DescribeQuery {
  /** The side from which they are read, where it is one of the two; the `from` end unless given. */
  readonly near?: RecordReference | undefined;
  /** An IETF language tag: "pt-BR". */
  readonly language?: string | undefined;
}

export interface EdgeDescription {
  readonly id: string;
  readonly near: DescribedThing;
  readonly far: DescribedThing;
  /** What the near thing is to the far one: "mother of"; null where its end has no name. */
  readonly name: string | null;
  /** "Maria: mother of João", read from the other side where the near end has no name. */
  readonly text: string;
}

export interface DescribedThing extends RecordReference {
  /** Null where the record is gone. */
  readonly name: string | null;
  /** "mother" */
  readonly role: string | null;
}

const querySchema = z.strictObject({ near: thingSchema.optional(), language: z.string().min(1).max(100).optional() });

/** In the order given. @throws `not_found`, `invalid_input` */
export async function describeEdges(
  context: RelationshipsContext,
  ids: readonly string[],
  query: DescribeQuery,
): Promise<readonly EdgeDescription[]> {
  const asked = parsed("relationship", z.array(idSchema), ids);
  const { near, language } = parsed("relationship", querySchema, query);
  const edges = new Map<string, RelationshipRecord>();
  for (const part of chunksOf([...new Set(asked)]))
    for await (const edge of context.relationships.iterate({ where: { id: { in: part } }, archived: "include" }))
      edges.set(edge.id, edge);
  const types = await readTypes(context);
  const oriented = asked.map((id) => {
    const edge = edges.get(id);
    if (!edge) throw notFound(id);
    const isFar = near !== undefined && !isSameThing(near, { entityType: edge.fromType, id: edge.fromId });
    return orient(edge, types.get(edge.typeId)!, isFar && edge.toId === near.id ? "to" : "from");
  });
  const records = await recordsOf(
    context,
    oriented.flatMap((each) => [each.near, each.far]),
  );
  return oriented.map(({ edge, type, way, near: nearThing, far: farThing }) => {
    const end = way === "along" ? "from" : "to";
    const labelAt = (thing: RecordReference, at: typeof end) => {
      const record = records.get(thingKey(thing));
      const { name, role } = labelOf(type, at, { language, gender: genderOf(record) });
      return { name, thing: { ...thing, name: record ? displayName(record) : null, role } };
    };
    const [here, there] = [labelAt(nearThing, end), labelAt(farThing, otherEnd(end))];
    const [first, second] = here.name === null ? [there, here] : [here, there];
    const text = `${calledOf(first.thing)}: ${first.name ?? type.name} ${calledOf(second.thing)}`;
    return { id: edge.id, near: here.thing, far: there.thing, name: here.name, text };
  });
}

function calledOf({ name, entityType, id }: DescribedThing): string {
  return name ?? `${entityType} ${id}`;
}

function notFound(id: string): CrmError {
  const message = `There is no relationship "${id.slice(0, 100)}".`;
  return new CrmError("not_found", message, { details: { entity: "relationship", id } });
}

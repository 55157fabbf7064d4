/** Engagements that lack somebody. */

import type { AskedDay } from "../interval/asked-days.ts";
import { thereDuring } from "../interval/days-within.ts";
import type { EngagementRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";
import { typesByKey } from "./engage.ts";
import { readParticipants, roleTypesOf } from "./participants.ts";

/** A role that fewer have than have to. */
export interface MissingRole {
  readonly role: string;
  readonly least: number;
  readonly has: number;
}

export interface IncompleteEngagement {
  readonly engagement: EngagementRecord;
  /** The key of its kind. */
  readonly type: string;
  readonly missing: readonly MissingRole[];
}

/**
 * Those that go on on the day and lack somebody then, by id. Two queries for every thousand engagements of kinds with a role that somebody has to
 * have, and two for the kinds.
 */
export async function incompleteEngagements(
  context: RelationshipsContext,
  { on, certainty, types }: AskedDay & { readonly types?: readonly string[] | undefined },
): Promise<readonly IncompleteEngagement[]> {
  const asked = types ? await typesByKey(context, types) : await Array.fromAsync(context.engagementTypes.iterate());
  const kinds = asked.filter(({ roles }) => roles.some(({ least = 0 }) => least > 0));
  const roleTypes = await roleTypesOf(
    context,
    kinds.map(({ id }) => ({ typeId: id })),
  );
  const found: IncompleteEngagement[] = [];
  const where = { typeId: { in: kinds.map(({ id }) => id) }, ...thereDuring({ from: on, until: on }) };
  const engagements = await Array.fromAsync(context.engagements.iterate({ where }));
  for (const part of chunksOf(engagements)) {
    const participants = await readParticipants(context, part, {
      days: { from: on, until: on },
      certainty,
      types: roleTypes,
    });
    for (const engagement of part) {
      const { key: type, roles } = roleTypes.kinds.get(engagement.typeId)!;
      const own = participants.of(engagement.id);
      const missing = roles.flatMap(({ key: role, least = 0 }) => {
        const has = own.filter((participant) => participant.role === role).length;
        return has < least ? [{ role, least, has }] : [];
      });
      if (missing.length > 0) found.push({ engagement, type, missing });
    }
  }
  return found;
}

/** The attributes of profiles, kept one by one for filters. */
import type { PartyKindRecord, PartyProfileRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";
import { orderedText } from "./ordered-text.ts";

interface Changed {
  readonly before?: PartyProfileRecord;
  readonly after?: PartyProfileRecord;
}

/** The `after` hook of profiles. Those of one that is deleted go with it, and come back with it. */
export async function followProfiles(context: RelationshipsContext, batch: readonly Changed[]): Promise<void> {
  const changed = batch.flatMap(({ before, after }) =>
    after && JSON.stringify(before?.attributes) !== JSON.stringify(after.attributes) ? [after] : [],
  );
  const kinds = new Map<string, PartyKindRecord>();
  for (const part of chunksOf([...new Set(changed.map(({ kindId }) => kindId))]))
    for (const kind of await context.partyKinds.known({ id: { in: part } })) kinds.set(kind.id, kind);
  await writeValues(context, changed, (kindId) => kinds.get(kindId)!);
}

/** Makes the values of these profiles what the profiles say. */
export async function writeValues(
  context: RelationshipsContext,
  profiles: readonly PartyProfileRecord[],
  kindOf: (kindId: string) => PartyKindRecord,
): Promise<void> {
  for (const part of chunksOf(profiles)) {
    const wanted = new Map(part.flatMap((profile) => valuesOf(profile, kindOf(profile.kindId))));
    const stale: string[] = [];
    const where = { profileId: { in: part.map(({ id }) => id) } };
    for await (const { id, profileId, key } of context.partyAttributes.iterate({ where, archived: "include" }))
      if (!wanted.has(`${profileId} ${key}`)) stale.push(id);
    await context.partyAttributes.deleteMany(stale);
    await context.partyAttributes.upsertMany([...wanted.values()], { by: ["profileId", "key"] });
  }
}

function valuesOf({ id: profileId, attributes }: PartyProfileRecord, kind: PartyKindRecord) {
  const kinds = new Map(kind.attributes.map((definition) => [definition.key, definition.kind]));
  return Object.entries(attributes).map(
    ([key, value]) =>
      [`${profileId} ${key}`, { profileId, key, ordered: orderedText(kinds.get(key)!, value) }] as const,
  );
}

/** Random relationships, two merged, and the merge undone: nothing is broken in between, and all is as it was. */
import { addDays } from "@relata/core/plugin";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { RelationshipRecord } from "../parts.ts";
import { onEveryStorage, sampleTypes, type TestedCrm, thingsOf } from "../relationships-fixture.ts";
import { standsTogether } from "./stands-together-fixture.ts";

const names = ["Ann", "Anne", "Ben", "Cleo", "Acme", "Bolt"];
const people = names.slice(0, 4);
const firms = names.slice(4);
const DAYS = 8;
const dayOf = (place: number) => addDays("2026-01-01", place);

const span = fc.tuple(fc.option(fc.nat(DAYS - 1)), fc.option(fc.nat(DAYS - 1))).map(([a, b]) => {
  const [first, last] = a !== null && b !== null && b < a ? [b, a] : [a, b];
  return {
    ...(first === null ? {} : { validFrom: dayOf(first) }),
    ...(last === null ? {} : { validUntil: dayOf(last) }),
  };
});
const ends: { readonly [type: string]: readonly [readonly string[], readonly string[]] } = {
  employment: [people, firms],
  parent: [people, people],
  spouse: [people, people],
  acquaintance: [names, names],
  ownership: [names, firms],
  mention: [names, names],
};
const edge = fc.constantFrom(...sampleTypes.map(({ key }) => key)).chain((type) =>
  fc.record({
    type: fc.constant(type),
    from: fc.constantFrom(...ends[type]![0]),
    to: fc.constantFrom(...ends[type]![1]),
    days: span,
    isPrimary: fc.boolean(),
    share: fc.constantFrom("0.25", "0.5"),
    note: fc.boolean(),
  }),
);

async function stateOf(crm: TestedCrm, ids: ReadonlySet<string>) {
  const bare = ({ version: _, updatedAt: __, updatedBy: ___, ...rest }: RelationshipRecord) => rest;
  const edges: RelationshipRecord[] = [];
  for await (const each of crm.relationships.iterate({ archived: "include" }))
    if (ids.has(each.fromId) || ids.has(each.toId)) edges.push(each);
  const relationshipId = { in: edges.map(({ id }) => id) };
  const evidences: unknown[] = [];
  for await (const { version: _, updatedAt: __, updatedBy: ___, ...rest } of crm.relationshipEvidences.iterate({
    where: { relationshipId },
  }))
    evidences.push(rest);
  return { edges: edges.map(bare), evidences };
}

onEveryStorage((open, storage) => {
  it("two that are merged break no rule, and come apart as they were", async () => {
    const crm = await open();
    const types = new Map((await crm.relationshipTypes.list()).items.map((type) => [type.id, type]));
    await fc.assert(
      fc.asyncProperty(
        fc.array(edge, { minLength: 3, maxLength: 16 }),
        fc.constantFrom(["contacts", "Ann", "Anne"] as const, ["accounts", "Acme", "Bolt"] as const),
        async (edges, [plural, first, second]) => {
          const { thing } = await thingsOf(crm, "Ann, Anne, Ben, Cleo, Acme Ltd, Bolt Ltd");
          const ids = new Set(Object.values(thing).map(({ id }) => id));
          for (const { type, from, to, days, isPrimary, share, note } of edges) {
            // What may not stand is not of interest here.
            await crm.relationships
              .relate({
                ...{ type, from: thing[from]!, to: thing[to]!, ...days, isPrimary },
                attributes: type === "ownership" ? { share } : {},
                ...(note ? { evidence: [{ note: "seen" }] } : {}),
              })
              .catch(() => undefined);
          }
          const before = await stateOf(crm, ids);
          expect(standsTogether(before.edges, types)).toEqual([]);
          const [survivorId, otherId] = [thing[first]!.id, thing[second]!.id];
          const entityType = plural === "contacts" ? "contact" : "account";
          const preview = await crm.relationships.previewMerge({ entityType, survivorId, otherId });
          const { mergeId } = await crm[plural].merge(survivorId, otherId);
          const merged = await stateOf(crm, ids);
          expect(standsTogether(merged.edges, types)).toEqual([]);
          expect(merged.edges.filter(({ fromId, toId }) => fromId === otherId || toId === otherId)).toEqual([]);
          const went = preview.changed
            .filter(({ days }) => days.length === 0)
            .map(({ relationshipId }) => relationshipId);
          const further = preview.changed.reduce((sum, { days }) => sum + Math.max(0, days.length - 1), 0);
          const left = new Set(merged.edges.map(({ id }) => id));
          expect(before.edges.flatMap(({ id }) => (left.has(id) ? [] : [id])).sort()).toEqual(went.toSorted());
          expect(merged.edges.length).toBe(before.edges.length - went.length + further);
          for (const { relationshipId, days } of preview.changed.filter((each) => each.days.length > 0))
            expect(merged.edges.find(({ id }) => id === relationshipId)).toMatchObject(days[0]!);
          const undone = await crm[plural].unmerge(mergeId);
          expect([undone.left, undone.lost, undone.kept]).toEqual([[], [], []]);
          expect(await stateOf(crm, ids)).toEqual(before);
        },
      ),
      { numRuns: storage === "memory" ? 60 : storage === "SQLite" ? 12 : 6 },
    );
  });
});

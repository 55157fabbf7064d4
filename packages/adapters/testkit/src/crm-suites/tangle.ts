/** Records that refer to each other at random, with circles; and all that a tenant has, to be compared before and after. */
import { createCrm } from "@relata/core";
import { defineEntity, reference, text } from "@relata/core/plugin";
import { memberNames } from "../tenant-matrix/loose-crm.ts";
import type { CrmBench } from "./crm-bench.ts";
import { sampleEntities } from "./sample-crm.ts";

/** Refers to a record of any entity. */
const mark = defineEntity("mark", {
  plural: "marks",
  ids: "app",
  fields: { kind: text().optional(), target: text().optional(), note: text().optional() },
  polymorphic: [{ type: "kind", id: "target", onDelete: "detach" }],
});

/** Leads from one crate to another, once. */
const bond = defineEntity("bond", {
  plural: "bonds",
  ids: "app",
  fields: { fromId: reference("crate", { onDelete: "cascade" }), toId: reference("crate", { onDelete: "cascade" }) },
  unique: [["fromId", "toId"]],
});

/** A crate has one at most. */
const badge = defineEntity("badge", {
  plural: "badges",
  ids: "app",
  fields: { crateId: reference("crate").unique(), note: text().optional() },
});

export const tangledEntities = [...sampleEntities, mark, bond, badge] as const;

export const idsTo = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

export async function openTangled(bench: CrmBench) {
  return createCrm({ ...(await bench.options()), entities: tangledEntities });
}
export type TangledCrm = Awaited<ReturnType<typeof openTangled>>;

/** Numbers from 0 up to and without `below`, the same in every run. */
export function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Ten records of each entity. */
export async function fillTangle(crm: TangledCrm, seed: number) {
  const roll = createDice(seed);
  const one = (list: readonly string[]) => list[roll(list.length)]!;
  const some = (list: readonly string[], sides = 2) => (roll(sides) === 0 ? one(list) : null);
  const crates = idsTo(10, "c");
  await crm.crates.createMany(crates.map((id) => ({ id, label: some(["red", "blue"]) })));
  const specimens = (
    await crm.specimens.createMany(
      crates.map((code, serial) => ({ code, serial: roll(2) === 0 ? serial : null, crateId: some(crates, 3) })),
    )
  ).map(({ id }) => id);
  await crm.specimens.updateMany(specimens.map((id) => ({ id, twinId: some(specimens) })));
  await crm.crates.updateMany(crates.map((id) => ({ id, outerId: some(crates, 3), keyId: some(specimens, 4) })));
  const parts = crates.flatMap((_, i) => [0, 1].map((part) => ({ specimenId: specimens[i]!, part })));
  await crm.samples.createMany(
    parts
      .filter(() => roll(2) === 0)
      .map(({ specimenId, part }, i) => ({ id: `s${i}`, specimenId, part, crateId: some(crates, 4) })),
  );
  await crm.marks.createMany(
    idsTo(10, "t").map((id) => {
      const [kind, list] = roll(2) === 0 ? ["crate", crates] : ["specimen", specimens];
      return { id, kind: kind as string, target: one(list as readonly string[]) };
    }),
  );
  const pairs = new Map(idsTo(15, "b").map((id) => [id, { fromId: one(crates), toId: one(crates) }]));
  const distinct = new Map([...pairs].map(([id, pair]) => [JSON.stringify(pair), { id, ...pair }]));
  await crm.bonds.createMany([...distinct.values()]);
  await crm.badges.createMany(crates.filter(() => roll(3) === 0).map((crateId, i) => ({ id: `g${i}`, crateId })));
  return { crates, specimens };
}

type Lists = Record<string, { list(query: object): Promise<{ readonly items: readonly Stamped[] }> }>;
interface Stamped {
  readonly id: string;
  readonly version: number;
  readonly updatedAt: Date;
  readonly updatedBy: string | null;
}

/** What the SDK keeps about what was done. */
const BOOKS = new Set(["merges", "erasures", "eventDeliveries", "idempotencyKeys"]);

/** Every record of every entity, archived ones included, by "plural id", but for what each write changes. */
export async function everything(crm: object): Promise<ReadonlyMap<string, unknown>> {
  const all = new Map<string, unknown>();
  for (const plural of memberNames(crm)) {
    const repository = (crm as Lists)[plural];
    if (BOOKS.has(plural) || typeof (repository as { createMany?: unknown })?.createMany !== "function") continue;
    const { items } = await repository!.list({ limit: 1_000, archived: "include" });
    for (const { version: _, updatedAt: _at, updatedBy: _by, ...record } of items)
      all.set(`${plural} ${record.id}`, record);
  }
  return all;
}

/** Related records, loaded with the records that refer to them. */
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesOf, type SampleCrm } from "./sample-crm.ts";

/** c1 holds c2, which holds c3; specimens a, b and c are in c1, d in c2, e in none. */
async function withCrates(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  await fill(crm);
  return crm;
}

async function fill(crm: SampleCrm): Promise<void> {
  await crm.crates.create({ id: "c1", label: "One" });
  await crm.crates.create({ id: "c2", label: "Two", outerId: "c1" });
  await crm.crates.create({ id: "c3", outerId: "c2" });
  const [a] = await crm.specimens.createMany([
    { code: "a", weight: 3, crateId: "c1" },
    { code: "b", weight: 1, crateId: "c1" },
    { code: "c", weight: 2, crateId: "c1" },
    { code: "d", crateId: "c2" },
    { code: "e" },
  ]);
  await crm.samples.createMany([
    { id: "s1", part: 1, specimenId: a!.id, crateId: "c3" },
    { id: "s2", part: 2, specimenId: a!.id },
    { id: "s3", part: 3 },
  ]);
}

export const includes: CrmSuite = {
  name: "includes",
  facts: [
    crmFact("load the one record that a reference names, or null", async (bench) => {
      const crm = await withCrates(bench);
      const page = await crm.specimens.list({ include: { crate: true }, orderBy: [{ code: "asc" }] });
      expect(page.items.map(({ code, crate }) => `${code}:${crate?.label ?? null}`)).toEqual([
        "a:One",
        "b:One",
        "c:One",
        "d:Two",
        "e:null",
      ]);
      expect(page.items[0]!.crate).toEqual(await crm.crates.get("c1"));
      expect(page.items[4]!.crate).toBeNull();
    }),
    crmFact("load the many that refer to a record, an empty list where there are none", async (bench) => {
      const crm = await withCrates(bench);
      const page = await crm.crates.list({ include: { specimens: true } });
      expect(page.items.map(({ id, specimens }) => `${id}:${codesOf(specimens)}`)).toEqual(["c1:a b c", "c2:d", "c3:"]);
    }),
    crmFact("order, filter and limit the many for each record by itself", async (bench) => {
      const crm = await withCrates(bench);
      const ordered = await crm.crates.list({ include: { specimens: { orderBy: [{ weight: "asc" }], limit: 2 } } });
      expect(ordered.items.map(({ specimens }) => codesOf(specimens))).toEqual(["b c", "d", ""]);
      const heavy = await crm.crates.list({
        include: { specimens: { where: { weight: { gte: 2 } }, orderBy: [{ weight: "desc" }], limit: 1 } },
      });
      expect(heavy.items.map(({ specimens }) => codesOf(specimens))).toEqual(["a", "", ""]);
    }),
    crmFact("nest", async (bench) => {
      const crm = await withCrates(bench);
      const crate = await crm.crates.get("c1", {
        include: {
          specimens: {
            orderBy: [{ code: "asc" }],
            include: {
              samples: {
                orderBy: [{ part: "desc" }],
                include: { crate: { include: { outer: { include: { outer: true } } } } },
              },
            },
          },
        },
      });
      expect(crate.specimens.map(({ code, samples }) => `${code}:${samples.map(({ id }) => id)}`)).toEqual([
        "a:s2,s1",
        "b:",
        "c:",
      ]);
      expect(crate.specimens[0]!.samples[0]!.crate).toBeNull();
      expect(crate.specimens[0]!.samples[1]!.crate?.outer?.outer?.label).toBe("One");
    }),
    crmFact("load several relations at once, also of one entity twice", async (bench) => {
      const crm = await withCrates(bench);
      const crate = await crm.crates.get("c2", {
        include: { outer: true, inner: true, specimens: true, samples: true },
      });
      expect([crate.outer?.id, crate.inner.map(({ id }) => id), codesOf(crate.specimens), crate.samples]).toEqual([
        "c1",
        ["c3"],
        "d",
        [],
      ]);
    }),
    crmFact("go with find, get and list alike, and with a selection of fields", async (bench) => {
      const crm = await withCrates(bench);
      const found = await crm.specimens.find({ where: { code: "a" }, select: ["code"], include: { crate: true } });
      expect(Object.keys(found!).sort()).toEqual(["code", "crate", "id"]);
      expect(found!.crate?.label).toBe("One");
      const crate = await crm.crates.get("c2", { select: ["label"], include: { outer: true, specimens: true } });
      expect(Object.keys(crate).sort()).toEqual(["id", "label", "outer", "specimens"]);
      expect(crate.outer?.id).toBe("c1");
    }),
    crmFact("follow a filter on the same relation without being narrowed by it", async (bench) => {
      const crm = await withCrates(bench);
      const page = await crm.crates.list({
        where: { specimens: { some: { code: "b" } } },
        include: { specimens: true },
      });
      expect(page.items.map(({ specimens }) => codesOf(specimens))).toEqual(["a b c"]);
    }),
    crmFact("load the records of a page only, however many pages there are", async (bench) => {
      const crm = await withCrates(bench);
      const first = await crm.crates.list({ include: { specimens: { limit: 2 } }, limit: 1 });
      const second = await crm.crates.list({ include: { specimens: { limit: 2 } }, limit: 1, after: first.next });
      expect(first.items.map(({ id, specimens }) => `${id}:${codesOf(specimens)}`)).toEqual(["c1:a b"]);
      expect(second.items.map(({ id, specimens }) => `${id}:${codesOf(specimens)}`)).toEqual(["c2:d"]);
    }),
    crmFact("cost no query for each record", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await fill(crm);
      calls.find = 0;
      await crm.crates.list({ include: { specimens: { include: { samples: true } } } });
      expect(calls.find).toBe(1);
    }),
    crmFact("nest 16 levels deep", async (bench) => {
      const crm = await withCrates(bench);
      let include: object = { outer: true };
      for (let level = 1; level < 16; level++) include = { outer: { include } };
      const crate = (await crm.crates.get("c3", { include } as never)) as unknown as {
        outer: { outer: { outer: unknown } };
      };
      expect(crate.outer.outer).toMatchObject({ label: "One", outer: null });
    }),
  ],
};

/** Tenants do not meet, whatever is done; actors sign what they write. */

import { count } from "@relata/core";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

/** The crates c1 and c2 of the north; c1 of the south, with a label of its own. */
async function withTenants(bench: CrmBench) {
  const crm = await bench.open();
  const north = crm.as({ tenantId: "north", actorId: "ann" });
  const south = crm.as({ tenantId: "south", actorId: "bob" });
  await north.crates.createMany([
    { id: "c1", label: "north" },
    { id: "c2", label: "north", outerId: "c1" },
  ]);
  await south.crates.create({ id: "c1", label: "south" });
  const { id } = await north.specimens.create({ code: "a", crateId: "c1", serial: 1 });
  return { crm, north, south, id };
}

export const tenants: CrmSuite = {
  name: "tenants",
  facts: [
    crmFact("have records of their own, with the same ids and the same unique values", async (bench) => {
      const { crm, north, south } = await withTenants(bench);
      expect((await north.crates.get("c1")).label).toBe("north");
      expect((await south.crates.get("c1")).label).toBe("south");
      await south.specimens.create({ code: "a", serial: 1 });
      expect([await north.crates.count(), await south.crates.count(), await crm.crates.count()]).toEqual([2, 1, 0]);
      expect(await refused(south.specimens.create({ code: "a" }))).toEqual({
        code: "not_unique",
        entity: "specimen",
        field: "code",
      });
    }),
    crmFact("read nothing of each other: get, find, list, count, where, include, aggregate", async (bench) => {
      const { north, south, id } = await withTenants(bench);
      expect(await refused(south.specimens.get(id))).toEqual({ code: "not_found", entity: "specimen" });
      expect(await refused(south.crates.get("c2"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await south.specimens.find({ where: { id } })).toBeUndefined();
      expect(
        (await south.crates.list({ where: { id: { in: ["c1", "c2"] } } })).items.map(({ label }) => label),
      ).toEqual(["south"]);
      expect(await south.specimens.count({ archived: "include" })).toBe(0);
      expect(await south.crates.count({ where: { inner: { some: {} } } })).toBe(0);
      expect(await south.crates.count({ where: { specimens: { none: {} } } })).toBe(1);
      expect(await south.crates.get("c1", { include: { inner: true, specimens: true, outer: true } })).toMatchObject({
        inner: [],
        specimens: [],
        outer: null,
      });
      expect(await south.crates.aggregate({ groupBy: { label: "label" }, measures: { n: count() } })).toEqual([
        { label: "south", n: 1 },
      ]);
      expect(
        await south.specimens.aggregate({ measures: { n: count() }, groupBy: { label: { crate: "label" } } }),
      ).toEqual([]);
      expect(
        await north.specimens.aggregate({ measures: { n: count() }, groupBy: { label: { crate: "label" } } }),
      ).toEqual([{ label: "north", n: 1 }]);
    }),
    crmFact("change nothing of each other: update, archive, restore, delete, upsert", async (bench) => {
      const { north, south, id } = await withTenants(bench);
      expect(await refused(south.specimens.update(id, { code: "x" }))).toEqual({
        code: "not_found",
        entity: "specimen",
      });
      expect(
        await refused(
          south.crates.updateMany([
            { id: "c1", label: "x" },
            { id: "c2", label: "x" },
          ]),
        ),
      ).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(south.crates.archive("c2"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(south.crates.restore("c2"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(south.crates.delete("c2"))).toEqual({ code: "not_found", entity: "crate" });
      expect((await south.specimens.upsert({ code: "a", weight: 5 }, { by: "code" })).status).toBe("created");
      expect((await south.crates.upsert({ id: "c2", label: "new" }, { by: "id" })).status).toBe("created");
      await south.crates.update("c1", { label: "south 2" });
      await south.crates.delete("c1");
      expect((await north.crates.list()).items.map(({ id, label, version }) => `${id} ${label} ${version}`)).toEqual([
        "c1 north 1",
        "c2 north 1",
      ]);
      expect(await north.specimens.get(id)).toMatchObject({ code: "a", weight: null, version: 1 });
    }),
    crmFact("cannot refer to each other's records", async (bench) => {
      const { south, id } = await withTenants(bench);
      expect(await refused(south.crates.create({ id: "c3", outerId: "c2" }))).toEqual({
        code: "reference_not_found",
        entity: "crate",
        field: "outerId",
      });
      expect(await refused(south.crates.update("c1", { outerId: "c2" }))).toEqual({
        code: "reference_not_found",
        entity: "crate",
        field: "outerId",
      });
      expect(await refused(south.samples.createMany([{ id: "s1" }, { id: "s2", specimenId: id }]))).toEqual({
        code: "reference_not_found",
        entity: "sample",
        field: "specimenId",
      });
      expect(await south.samples.count()).toBe(0);
    }),
    crmFact("cascade and detach within themselves", async (bench) => {
      const { north, south, id } = await withTenants(bench);
      await south.crates.create({ id: "c2", outerId: "c1" });
      await north.samples.create({ id: "s1", crateId: "c1" });
      await south.crates.delete("c1");
      expect(await south.crates.count()).toBe(0);
      expect(await north.crates.count()).toBe(2);
      expect((await north.specimens.get(id)).crateId).toBe("c1");
      expect(await refused(north.crates.delete("c1"))).toEqual({
        code: "still_referenced",
        entity: "sample",
        field: "crateId",
      });
    }),
    crmFact("have pipelines of their own", async (bench) => {
      const { north, south } = await withTenants(bench);
      const deal = await north.opportunities.create({ name: "Deal" });
      expect(await south.pipelines.count()).toBe(0);
      expect(await refused(south.opportunities.moveTo(deal.id, "won"))).toMatchObject({ code: "not_found" });
      await south.opportunities.create({ name: "Deal", pipelineId: deal.pipelineId }).then(
        () => expect.unreachable(),
        (error) => expect(error.code).toBe("invalid_input"),
      );
      await south.opportunities.create({ name: "Deal" });
      expect([await north.stages.count(), await south.stages.count()]).toEqual([6, 6]);
    }),
    crmFact("do not read each other's cursors", async (bench) => {
      const { north, south } = await withTenants(bench);
      const page = await north.crates.list({ limit: 1 });
      expect(await refused(south.crates.list({ limit: 1, after: page.next }))).toEqual({ code: "invalid_cursor" });
    }),
    crmFact("may work in one unit", async (bench) => {
      const { crm, north, south } = await withTenants(bench);
      await crm.transaction(async (tx) => {
        await tx.as({ tenantId: "north" }).crates.create({ id: "c9" });
        await tx.as({ tenantId: "south" }).crates.create({ id: "c9" });
        expect(await tx.crates.count()).toBe(0);
      });
      expect([await north.crates.count(), await south.crates.count()]).toEqual([3, 2]);
    }),
    crmFact("are told apart by every character, and by no other spelling", async (bench) => {
      const crm = await bench.open();
      const names = ["a", "A", "a ", "á", "a\u0301", "ａ", "a%", "a'--", "日本", "\u{1F98A}"];
      for (const tenantId of names)
        await crm.as({ tenantId }).crates.create({ id: "c1", label: tenantId.normalize("NFC") });
      for (const tenantId of names) expect(await crm.as({ tenantId }).crates.count()).toBe(1);
    }),
    crmFact("keep the actor of a handle, and the handles made from it", async (bench) => {
      const { north } = await withTenants(bench);
      expect(await north.crates.get("c1")).toMatchObject({ createdBy: "ann", updatedBy: "ann" });
      const later = await north.as({ actorId: "cyd" }).crates.update("c1", { label: "x" });
      expect(later).toMatchObject({ createdBy: "ann", updatedBy: "cyd" });
      await north.transaction(async (tx) => {
        await tx.as({ actorId: "dan" }).crates.create({ id: "c4" });
        await tx.crates.create({ id: "c5" });
      });
      expect((await north.crates.get("c4")).createdBy).toBe("dan");
      expect((await north.crates.get("c5")).createdBy).toBe("ann");
      expect((await north.at(new Date("2026-01-01T00:00:00Z")).crates.create({ id: "c6" })).createdBy).toBe("ann");
    }),
    crmFact(
      "are refused where they are no text of 1 to 200 characters, and where the name is misspelt",
      async (bench) => {
        const crm = await bench.open();
        const code = (who: unknown) => {
          try {
            crm.as(who as never);
          } catch (error) {
            const { code, details } = error as { code: string; details: { entity: string; field: string } };
            return `${code} ${details.entity}.${details.field}`;
          }
          return "accepted";
        };
        for (const tenantId of ["", "x".repeat(201), "a\0", "\ud800", 5, null, {}, []])
          expect(code({ tenantId })).toBe("invalid_input handle.tenantId");
        for (const actorId of ["", 5, null]) expect(code({ actorId })).toBe("invalid_input handle.actorId");
        expect(code({ tenantID: "north" })).toBe("invalid_input handle.tenantID");
        expect(code(JSON.parse('{"__proto__":{"tenantId":"north"}}'))).toBe("invalid_input handle.__proto__");
        for (const who of [null, undefined, "north", ["north"]]) expect(code(who)).toBe("invalid_input handle.");
        expect(code({})).toBe("accepted");
      },
    ),
  ],
};

/** erase: what is erased is nowhere, and that it was erased is known. */
import { createCrm } from "@relata/core";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

const noon = (date: string) => `2026-06-${date}T10:00:00Z`;

export const erasing: CrmSuite = {
  name: "erasing",
  facts: [
    crmFact("takes a record out of the present and the past, and leaves the proof", async (bench) => {
      const crm = await bench.open();
      bench.clock.set(noon("10"));
      await crm.crates.create({ id: "c1", label: "secret" });
      bench.clock.set(noon("11"));
      await crm.crates.update("c1", { label: "other" });
      bench.clock.set(noon("12"));
      const proof = await crm.as({ actorId: "dpo" }).crates.erase("c1", { reason: "request 7" });
      expect(proof).toMatchObject({
        entityType: "crate",
        recordId: "c1",
        erasedAt: new Date(noon("12")),
        erasedBy: "dpo",
        reason: "request 7",
        records: 1,
      });
      expect(await refused(crm.crates.get("c1"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.crates.history("c1"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await crm.asOf(new Date(noon("11"))).crates.count()).toBe(0);
      expect(await refused(crm.crates.restore("c1"))).toEqual({ code: "not_found", entity: "crate" });
      expect((await crm.erasures.list({ where: { recordId: "c1" } })).items).toHaveLength(1);
      expect(await crm.crates.create({ id: "c1" })).toMatchObject({ version: 1, label: null });
    }),
    crmFact("takes along what a delete would, also what was deleted before, and its past", async (bench) => {
      const crm = await bench.open();
      bench.clock.set(noon("10"));
      await crm.crates.create({ id: "c1" });
      const [a, b, c] = await crm.specimens.createMany([
        { code: "a", crateId: "c1" },
        { code: "b", crateId: "c1" },
        { code: "c", crateId: "c1" },
      ]);
      await crm.specimens.update(c!.id, { twinId: a!.id });
      bench.clock.set(noon("11"));
      await crm.specimens.update(c!.id, { crateId: null });
      await crm.specimens.delete(b!.id);
      bench.clock.set(noon("12"));
      expect(await crm.crates.erase("c1")).toMatchObject({ records: 3, reason: null });
      expect(await crm.specimens.get(c!.id)).toMatchObject({ twinId: null, crateId: null });
      expect((await crm.specimens.history(c!.id)).length).toBe(4);
      for (const id of [a!.id, b!.id]) {
        expect(await refused(crm.specimens.history(id))).toEqual({ code: "not_found", entity: "specimen" });
      }
      expect(await crm.asOf(new Date(noon("10"))).specimens.count()).toBe(1);
    }),
    crmFact("takes the history of a record that is deleted already", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1", label: "secret" });
      await crm.crates.delete("c1");
      expect(await crm.crates.erase("c1")).toMatchObject({ records: 1 });
      expect(await refused(crm.crates.history("c1"))).toEqual({ code: "not_found", entity: "crate" });
    }),
    crmFact("is refused as a delete is, and then nothing is gone", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.samples.create({ id: "s1", crateId: "c1" });
      expect(await refused(crm.crates.erase("c1"))).toEqual({
        code: "still_referenced",
        entity: "sample",
        field: "crateId",
      });
      expect(await refused(crm.crates.erase("c9"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.as({ tenantId: "t2" }).crates.erase("c1"))).toEqual({
        code: "not_found",
        entity: "crate",
      });
      expect(await failure(crm.crates.erase("c1", { reason: 5 as never }))).toMatchObject({
        code: "invalid_input",
        details: { field: "reason" },
      });
      expect(await failure(crm.crates.erase("c1", { why: "x" } as never))).toMatchObject({ code: "invalid_query" });
      expect(await crm.crates.get("c1")).toMatchObject({ version: 1 });
      expect(await crm.erasures.count()).toBe(0);
    }),
    crmFact(
      "takes what is still to be delivered of the record, and tells that it is gone, and no more",
      async (bench) => {
        const got: unknown[] = [];
        const crm = await createCrm({
          ...(await bench.options()),
          subscribers: {
            sync: { on: ["user.created", "user.erased"], deliver: async (_, event) => void got.push(event) },
          },
        });
        const heard: string[] = [];
        crm.on("user.erased", ({ recordId, data }) => heard.push(`${recordId} ${JSON.stringify(data)}`));
        await crm.users.create({ id: "u1", name: "secret" });
        await crm.users.create({ id: "u2", name: "other" });
        await crm.users.erase("u1");
        const waiting = await crm.eventDeliveries.list({ orderBy: [{ occurredAt: "asc" }] });
        expect(waiting.items.map(({ eventName, recordId }) => `${eventName} ${recordId}`).sort()).toEqual([
          "user.created u2",
          "user.erased u1",
        ]);
        expect(JSON.stringify(waiting)).not.toContain("secret");
        await crm.eventDeliveries.drain();
        expect(got).toHaveLength(2);
        expect(JSON.stringify(got)).not.toContain("secret");
        expect(heard).toEqual(['u1 {"version":1}']);
      },
    ),
    crmFact("writes proofs that nobody else writes", async (bench) => {
      const crm = await bench.open();
      const input = { entityType: "crate", recordId: "c1", erasedAt: new Date(noon("10")), records: 1 };
      expect(await failure(crm.erasures.create(input))).toMatchObject({ code: "read_only_entity" });
    }),
  ],
};

/** merge: whose values the one record has that two become, and what is refused. */
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { nowhere, twoCrates } from "./merging-fixture.ts";
import { codesOf } from "./sample-crm.ts";
import { openTangled } from "./tangle.ts";

export const merging: CrmSuite = {
  name: "merging",
  facts: [
    crmFact("keeps the survivor's values, and takes the other one's where it has none", async (bench) => {
      const crm = await openTangled(bench);
      const kept = await crm.accounts.create({ name: "Acme", industry: "retail", phone: "1" });
      const other = await crm.accounts.create({
        name: "ACME Inc.",
        industry: "energy",
        domain: "acme.test",
        employees: 0,
        annualRevenue: { amount: "5.00", currency: "EUR" },
      });
      bench.clock.set("2026-06-16T08:00:00Z");
      const { record, mergeId } = await crm.as({ actorId: "ann" }).accounts.merge(kept.id, other.id);
      expect(record).toMatchObject({
        id: kept.id,
        version: 2,
        name: "Acme",
        industry: "retail",
        phone: "1",
        domain: "acme.test",
        employees: 0,
        annualRevenue: { amount: "5.00", currency: "EUR" },
        updatedBy: "ann",
      });
      expect(await crm.accounts.get(kept.id)).toEqual(record);
      expect(await refused(crm.accounts.get(other.id))).toEqual({ code: "not_found", entity: "account" });
      expect((await crm.accounts.history(other.id)).map(({ kind, by }) => [kind, by])).toEqual([
        ["created", null],
        ["deleted", "ann"],
      ]);
      expect(await crm.merges.get(mergeId)).toMatchObject({
        entityType: "account",
        survivorId: kept.id,
        otherId: other.id,
        mergedAt: new Date("2026-06-16T08:00:00Z"),
        mergedBy: "ann",
        moved: [{ entity: "accountDomain", field: "accountId" }],
        dropped: [],
        changed: ["domain", "employees", "annualRevenue"],
        unmergedAt: null,
      });
    }),
    crmFact("takes by field what it is told, and values set by hand", async (bench) => {
      const crm = await openTangled(bench);
      const kept = await crm.accounts.create({ name: "Acme", industry: "retail", phone: "1", country: "DE" });
      const other = await crm.accounts.create({
        name: "ACME Inc.",
        industry: "energy",
        phone: "2",
        description: "Larger",
      });
      const { record } = await crm.accounts.merge(kept.id, other.id, {
        take: { phone: "other", industry: "other", country: "other", description: "survivor" },
        values: { name: "Acme Incorporated", industry: undefined as never },
      });
      expect(record).toMatchObject({
        name: "Acme Incorporated",
        phone: "2",
        industry: "energy",
        country: null,
        description: null,
      });
      const third = await crm.accounts.create({ name: "Third", description: "Third" });
      const cleared = await crm.accounts.merge(kept.id, third.id, { values: { description: null } });
      expect(cleared.record).toMatchObject({ description: null, version: 2 });
    }),
    crmFact("of two records that say the same changes nothing in the survivor", async (bench) => {
      const crm = await openTangled(bench);
      await crm.crates.createMany([{ id: "c1", label: "x" }, { id: "c2" }]);
      const { record } = await crm.crates.merge("c1", "c2");
      expect(record).toMatchObject({ version: 1, label: "x" });
      expect((await crm.merges.list()).items).toMatchObject([
        { changed: [], versions: [{ entity: "crate", records: [["c2", 1, null]] }] },
      ]);
    }),
    crmFact("leaves alone what is written once or by operations", async (bench) => {
      const crm = await openTangled(bench);
      const [kept, other] = await crm.specimens.createMany([{ code: "a" }, { code: "b", origin: "Rome", weight: 4 }]);
      const { record } = await crm.specimens.merge(kept!.id, other!.id);
      expect(record).toMatchObject({ code: "a", origin: null, weight: 4 });
    }),
    crmFact("refuses what it cannot take, naming each field, and nothing is written", async (bench) => {
      const crm = await openTangled(bench);
      const [kept, other] = await crm.specimens.createMany([{ code: "a" }, { code: "b" }]);
      const wrong = crm.specimens.merge(kept!.id, other!.id, {
        take: {
          origin: "other",
          nonsense: "other",
          id: "other",
          createdAt: "other",
          code: "mine",
          grade: "other",
        } as never,
        values: { grade: "fine", weight: "heavy" as never, share: "200" },
      });
      expect(await failure(wrong)).toMatchObject({
        code: "invalid_input",
        details: {
          entity: "specimen",
          issues: [
            { field: "origin", code: "read_only_field", message: "is written once, at creation" },
            { field: "nonsense", code: "unknown_field" },
            { field: "id", code: "read_only_field" },
            { field: "createdAt", code: "read_only_field" },
            { field: "code", code: "not_allowed" },
            { field: "grade", code: "repeated" },
            { field: "weight", code: "invalid_type" },
            { field: "share" },
          ],
        },
      });
      for (const bad of [{ take: "other" }, { take: [] }, { values: 7 }] as never[])
        expect((await refused(crm.specimens.merge(kept!.id, other!.id, bad))).code).toBe("invalid_input");
      for (const bad of [{ keep: {} }, null, { versions: { mine: 1 } }, { versions: 1 }] as never[])
        expect((await refused(crm.specimens.merge(kept!.id, other!.id, bad))).code).toBe("invalid_query");
      expect(codesOf((await crm.specimens.list()).items)).toBe("a b");
      expect(await crm.merges.count()).toBe(0);
    }),
    crmFact("refuses a record and itself, unknown and archived ones, and stale versions", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.crates.archive("c3");
      const issue = (field: string, code: string) => ({
        code: "invalid_input",
        details: { entity: "crate", issues: [{ field, code }] },
      });
      expect(await failure(crm.crates.merge("c1", "c1"))).toMatchObject(issue("otherId", "same_record"));
      expect(await failure(crm.crates.merge("c3", "c1"))).toMatchObject(issue("survivorId", "archived"));
      expect(await failure(crm.crates.merge("c1", "c3"))).toMatchObject(issue("otherId", "archived"));
      expect(await failure(crm.crates.merge(1 as never, "c1"))).toMatchObject({ code: "invalid_input" });
      expect(await failure(crm.crates.merge("c1", undefined as never))).toMatchObject({ code: "invalid_input" });
      for (const [survivor, other] of [
        ["c1", "c9"],
        ["c9", "c1"],
      ] as const)
        expect(await failure(crm.crates.merge(survivor, other))).toMatchObject({
          code: "not_found",
          details: { entity: "crate", id: "c9" },
        });
      expect((await refused(crm.accounts.merge("no id", nowhere))).code).toBe("not_found");
      await crm.crates.update("c2", { label: "x" });
      expect(await failure(crm.crates.merge("c1", "c2", { versions: { survivor: 1, other: 1 } }))).toMatchObject({
        code: "stale_version",
        details: { id: "c2", expected: 1, actual: 2 },
      });
      expect(await failure(crm.crates.merge("c2", "c1", { versions: { survivor: 1 } }))).toMatchObject({
        code: "stale_version",
        details: { id: "c2" },
      });
      await crm.crates.merge("c1", "c2", { versions: { survivor: 1, other: 2 } });
    }),
  ],
};

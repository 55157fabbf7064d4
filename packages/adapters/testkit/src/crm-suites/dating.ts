/** at: imports tell what happened, when it happened, in its order. */
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

const january = new Date("2026-01-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");

export const dating: CrmSuite = {
  name: "dated writes",
  facts: [
    crmFact("have the instant that they were given", async (bench) => {
      const crm = await bench.open();
      const created = await crm.at(january).crates.create({ id: "c1" });
      expect(created).toMatchObject({ createdAt: january, updatedAt: january });
      const updated = await crm.at(march).crates.update("c1", { label: "x" });
      expect(updated).toMatchObject({ createdAt: january, updatedAt: march });
      expect(await crm.at(march).crates.archive("c1")).toMatchObject({ archivedAt: march, updatedAt: march });
    }),
    crmFact("date what hooks and operations do as well", async (bench) => {
      const crm = await bench.open();
      const deal = await crm.at(january).opportunities.create({ name: "Deal" });
      expect(deal.stageEnteredAt).toEqual(january);
      const won = await crm.at(march).opportunities.moveTo(deal.id, "won");
      expect(won).toMatchObject({
        actualCloseDate: "2026-03-01",
        stageEnteredAt: march,
        updatedAt: march,
        salesCycleDays: 59,
      });
      const stays = await crm.opportunityStageEntries.list({ orderBy: [{ enteredAt: "asc" }] });
      expect(stays.items.map(({ enteredAt, leftAt }) => [enteredAt, leftAt])).toEqual([
        [january, march],
        [march, null],
      ]);
    }),
    crmFact("are refused before the last change of their record, which stays as it is", async (bench) => {
      const crm = await bench.open();
      await crm.at(march).crates.create({ id: "c1" });
      await expect(crm.at(january).crates.update("c1", { label: "x" })).rejects.toMatchObject({
        code: "backdated_before_change",
        details: { entity: "crate", id: "c1", lastChange: march, at: january },
      });
      expect(await refused(crm.at(january).crates.archive("c1"))).toEqual({
        code: "backdated_before_change",
        entity: "crate",
      });
      expect(await crm.crates.get("c1")).toMatchObject({ version: 1, label: null });
      expect(await crm.at(march).crates.update("c1", { label: "y" })).toMatchObject({ version: 2, updatedAt: march });
      expect(await crm.at(january).crates.update("c1", { label: "y" })).toMatchObject({ version: 2 });
    }),
    crmFact("are refused in the future and for what is no instant", async (bench) => {
      const crm = await bench.open();
      const code = async (instant: unknown) => {
        const error = await failure((async () => crm.at(instant as never))());
        return error;
      };
      expect(await code(new Date("2026-06-15T10:00:00.001Z"))).toMatchObject({
        code: "invalid_input",
        details: { entity: "handle", field: "at" },
      });
      for (const instant of [new Date(Number.NaN), "2026-01-01", 0, null, undefined, {}]) {
        expect(await code(instant)).toMatchObject({
          code: "invalid_input",
          details: { entity: "handle", field: "at" },
        });
      }
      expect(await crm.at(new Date("2026-06-15T10:00:00Z")).crates.create({ id: "c1" })).toMatchObject({ version: 1 });
    }),
    crmFact("may have several instants in one unit", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.at(january).crates.create({ id: "c1" });
        await tx.at(march).crates.update("c1", { label: "x" });
        await tx.crates.create({ id: "c2" });
        await tx.at(march).transaction((inner) => inner.crates.create({ id: "c3" }));
      });
      const page = await crm.crates.list();
      expect(page.items.map(({ createdAt, updatedAt }) => [createdAt, updatedAt])).toEqual([
        [january, march],
        [new Date("2026-06-15T10:00:00Z"), new Date("2026-06-15T10:00:00Z")],
        [march, march],
      ]);
    }),
  ],
};

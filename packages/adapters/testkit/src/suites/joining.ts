/** The application's own statements and transactions: each storage does what it declares, and refuses the rest by name. */
import type { Storage, StorageSession } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { refused } from "../bench/refusal.ts";
import { sales } from "../schema/sales.ts";

const statement = { text: "select 1 as one", parameters: [] };

async function answersOrRefuses(storage: Storage, session: StorageSession): Promise<void> {
  const answer = session.execute("tenant-1", statement);
  if (storage.capabilities.native) expect((await answer).rows).toEqual([{ one: 1 }]);
  else expect(await refused(answer)).toEqual({ code: "native_unavailable" });
}

export const joining: Suite = {
  name: "the application's own",
  facts: [
    fact("statements are answered outside of a unit and inside, or are refused", async (bench) => {
      const { storage } = await bench.open(sales);
      await answersOrRefuses(storage, storage);
      const unit = await storage.begin();
      await answersOrRefuses(storage, unit);
      await unit.rollback();
    }),
    fact("statements have a query builder, or it is refused", async (bench) => {
      const { storage } = await bench.open(sales);
      const builder = (async () => storage.native(async () => ({ rows: [] })))();
      if (storage.capabilities.native) expect(await builder).toBeTypeOf("object");
      else expect(await refused(builder)).toEqual({ code: "native_unavailable" });
    }),
    fact("statements fail after the unit and after the storage have ended", async (bench) => {
      const { storage } = await bench.open(sales);
      if (!storage.capabilities.native) return;
      const unit = await storage.begin();
      await unit.commit();
      expect(await refused(unit.execute("tenant-1", statement))).toEqual({ code: "unit_closed" });
      await storage.close();
      expect(await refused(storage.execute("tenant-1", statement))).toEqual({ code: "storage_unavailable" });
    }),
    fact("transactions are not joined where there is none", async (bench) => {
      const { storage } = await bench.open(sales);
      for (const wrong of [undefined, null, 7, "begin", {}, storage]) {
        expect(await refused((async () => storage.join(wrong))())).toEqual({ code: "using_unavailable" });
      }
    }),
  ],
};

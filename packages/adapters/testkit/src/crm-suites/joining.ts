/** native and using: what every storage refuses, whether it has them or not. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { openSample } from "./sample-crm.ts";

const calling = (call: () => unknown) => refused((async () => call())());

export const joining: CrmSuite = {
  name: "joining the application",
  facts: [
    crmFact("gives a handle that is bound to a tenant no statements that would pass by it", async (bench) => {
      const { storage, ...options } = await bench.options();
      let guarded = false;
      const crm = await openSample({
        ...options,
        storage: {
          name: storage.name,
          async open(storageOptions) {
            const opened = await storage.open(storageOptions);
            guarded = opened.capabilities.rowLevelSecurity;
            return opened;
          },
        },
      });
      for (const bound of [crm.as({ tenantId: "north" }), crm.as({ tenantId: "north" }).as({ actorId: "u" })]) {
        if (guarded) expect(bound.native()).toBeDefined();
        else expect((await calling(() => bound.native())).code).toBe("native_unavailable");
      }
    }),
    crmFact("refuses to join what is no transaction", async (bench) => {
      const crm = await bench.open();
      for (const wrong of [undefined, null, 1, "begin", {}, crm]) {
        expect((await calling(() => crm.using(wrong))).code).toBe("using_unavailable");
      }
      await crm.crates.create({ id: "c1" });
    }),
    crmFact("refuses to join a transaction inside of a unit", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        expect((await calling(() => tx.using({}))).code).toBe("using_unavailable");
        await tx.crates.create({ id: "c1" });
      });
      expect(await crm.crates.count()).toBe(1);
    }),
  ],
};

import { createCrm } from "@relata/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { drivers } from "./fixtures/drivers.ts";
import { temporaryFile } from "./fixtures/open-sales.ts";
import { sqlite } from "./sqlite-adapter.ts";

/** As a development server does it that loads changed code anew: the same file again, and nobody has closed the first. */
async function openBoth({ options }: (typeof drivers)[number]) {
  const filename = temporaryFile();
  const open = () =>
    createCrm({ storage: sqlite({ filename, durability: "relaxed", ...options }), waitTimeoutMs: 5_000 });
  const first = await open();
  const second = await open();
  onTestFinished(async () => {
    await first.close();
    await second.close();
  });
  return { first, second, filename };
}

describe.each(drivers)("$name", (driver) => {
  const openTwice = () => openBoth(driver);

  it("both see what either has written", async () => {
    const { first, second } = await openTwice();
    const { id } = await first.accounts.create({ name: "Acme" });
    await second.accounts.update(id, { name: "Acme Ltd" });
    expect((await first.accounts.get(id)).name).toBe("Acme Ltd");
  });

  it("writes and units of both, all at once, happen whole", async () => {
    const { first, second } = await openTwice();
    const numbers = Array.from({ length: 10 }, (_, n) => n);
    await Promise.all(
      numbers.flatMap((n) =>
        [first, second].flatMap((crm) => [
          crm.accounts.create({ name: `Single ${n}` }),
          crm.transaction(async (tx) => {
            const account = await tx.accounts.create({ name: `Pair ${n}` });
            await tx.contacts.create({ familyName: "A", accountId: account.id });
          }),
        ]),
      ),
    );
    expect([await first.accounts.count(), await second.contacts.count()]).toEqual([40, 20]);
  });

  it("a unit of one that fails leaves no lock behind for the other", async () => {
    const { first, second, filename } = await openTwice();
    const failing = first.transaction(async (tx) => {
      await tx.accounts.create({ name: "Acme" });
      await tx.accounts.create({ name: "Globex" });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    await second.accounts.create({ name: "Acme" });
    const outsider = driver.open(filename);
    outsider.exec("begin exclusive; commit");
    outsider.close();
  });

  it("closing one, also while the other has a unit open, leaves the other working", async () => {
    const { first, second } = await openTwice();
    await second.transaction(async (tx) => {
      await tx.accounts.create({ name: "Acme" });
      await first.close();
      await tx.accounts.create({ name: "Globex" });
    });
    expect(await second.accounts.count()).toBe(2);
    await second.accounts.create({ name: "Initech" });
    expect(await second.accounts.count()).toBe(3);
  });

  it("accounts moved by both at once never come to have a circle", async () => {
    const { first, second } = await openTwice();
    for (let round = 0; round < 20; round++) {
      const [a, b] = await first.accounts.createMany([{ name: "A" }, { name: "B" }]);
      const moves = await Promise.allSettled([
        first.accounts.update(a!.id, { parentId: b!.id }),
        second.accounts.update(b!.id, { parentId: a!.id }),
      ]);
      const refused = moves.filter(({ status }) => status === "rejected");
      expect(refused).toMatchObject([{ reason: { code: "hierarchy_cycle" } }]);
    }
  });
});

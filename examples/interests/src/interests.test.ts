import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { type CrmWith, type PluginStorage, testPlugin } from "@relata/testkit";
import { expect } from "vitest";
import { type Interests, interests } from "./index.ts";

const storages: readonly PluginStorage[] = [
  { name: "memory", open: () => memory() },
  {
    name: "sqlite",
    open: (after) => {
      const folder = mkdtempSync(join(tmpdir(), "relata-interests-"));
      after(() => rmSync(folder, { recursive: true }));
      return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
    },
    durable: true,
  },
  { name: "postgres", open: leasedSchemas(postgres), durable: true },
];

async function labelsOf(crm: CrmWith<Interests>, accountId: string): Promise<string> {
  const { accountInterests } = await crm.accounts.get(accountId, {
    include: { accountInterests: { include: { interest: true } } },
  });
  return accountInterests
    .map(({ interest }) => interest!.label)
    .sort()
    .join(", ");
}

testPlugin("interests", {
  plugin: interests,
  storages,
  populate: async (crm, { word, ids }) => {
    await crm.accounts.addInterest(ids.account!, `${word} label`);
  },
  probes: {
    "accounts.addInterest": (crm, ids) => [() => crm.accounts.addInterest(ids.account!, "vip")],
    "accounts.removeInterest": (crm, ids) => [() => crm.accounts.removeInterest(ids.account!, "canary label")],
    "interests.popular": (crm) => [() => crm.interests.popular()],
  },
  facts: {
    "adds an interest to an account, a new one or one that is there, once": async ({ open }) => {
      const crm = await open();
      const [acme, base] = await crm.accounts.createMany([{ name: "Acme" }, { name: "Base" }]);
      const vip = await crm.accounts.addInterest(acme!.id, "VIP");
      expect(vip).toMatchObject({ label: "vip", colour: "grey" });
      expect((await crm.accounts.addInterest(base!.id, "  vip ")).id).toBe(vip.id);
      await crm.accounts.addInterest(acme!.id, "vip");
      await crm.accounts.addInterest(acme!.id, "Key   account");
      expect(await labelsOf(crm, acme!.id)).toBe("key account, vip");
      expect(await crm.accounts.count({ where: { accountInterests: { some: { interest: { label: "vip" } } } } })).toBe(
        2,
      );
    },
    "tells what happened, after the commit, and not again": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.accounts.create({ name: "Acme" });
      const heard: string[] = [];
      crm.on(
        "account.interest_added",
        ({ recordId, data }) => void heard.push(`added ${recordId === id} ${data.label}`),
      );
      crm.on("account.interest_removed", ({ data }) => void heard.push(`removed ${data.label}`));
      await crm.transaction(async (tx) => {
        await tx.accounts.addInterest(id, "VIP");
        await tx.accounts.addInterest(id, "vip");
        expect(heard).toEqual([]);
      });
      await crm.accounts.removeInterest(id, "vip");
      await crm.accounts.removeInterest(id, "vip");
      expect(heard).toEqual(["added true vip", "removed vip"]);
    },
    "removes an interest, and says whether there was any": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.accounts.create({ name: "Acme" });
      await crm.accounts.addInterest(id, "vip");
      expect([await crm.accounts.removeInterest(id, "VIP"), await crm.accounts.removeInterest(id, "vip")]).toEqual([
        true,
        false,
      ]);
      expect([await crm.accountInterests.count(), await crm.interests.count()]).toEqual([0, 1]);
    },
    "counts the interests of an account, whichever way they come and go": async ({ open }) => {
      const crm = await open();
      const [acme, base] = await crm.accounts.createMany([{ name: "Acme" }, { name: "Base" }]);
      const made = await crm.interests.createMany([{ label: "a" }, { label: "b" }]);
      const pairs = [acme!, base!].flatMap(({ id }) =>
        made.map((interest) => ({ accountId: id, interestId: interest.id })),
      );
      await crm.accountInterests.createMany(pairs);
      const counts = async () => {
        const { items } = await crm.accounts.list({ orderBy: [{ name: "asc" }] });
        return items.map(({ name, interestCount }) => `${name} ${interestCount}`);
      };
      expect(await counts()).toEqual(["Acme 2", "Base 2"]);
      await crm.interests.delete(made[0]!.id);
      expect(await counts()).toEqual(["Acme 1", "Base 1"]);
      await crm.accounts.delete(base!.id);
      expect([await counts(), await crm.accountInterests.count()]).toEqual([["Acme 1"], 1]);
      expect(
        (await crm.accounts.list({ where: { interestCount: { gte: 1 } }, orderBy: [{ interestCount: "desc" }] })).items,
      ).toHaveLength(1);
    },
    "refuses more than 50 interests on an account, and leaves nothing of the attempt": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.accounts.create({ name: "Acme" });
      await crm.transaction(async (tx) => {
        for (let i = 1; i <= 50; i++) await tx.accounts.addInterest(id, `interest ${i}`);
      });
      await expect(crm.accounts.addInterest(id, "interest 51")).rejects.toMatchObject({
        code: "interest_limit_reached",
        message: `Account ${id} would have 51 interests, and 50 is the most: remove one first.`,
        details: { plugin: "interests", entity: "account", id, limit: 50 },
      });
      expect([(await crm.accounts.get(id)).interestCount, await crm.interests.count()]).toEqual([50, 50]);
      await crm.accounts.removeInterest(id, "interest 1");
      await crm.accounts.addInterest(id, "interest 51");
    },
    "normalises labels written without its operations": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.interests.create({ label: "  Key  Account " });
      expect(await crm.interests.update(id, { colour: "red" })).toMatchObject({ label: "key account", colour: "red" });
      await expect(crm.interests.create({ label: "KEY account" })).rejects.toMatchObject({
        code: "not_unique",
        details: { entity: "interest", field: "label" },
      });
    },
    "lets nobody else write the count": async ({ open }) => {
      const crm = await open();
      await expect(crm.accounts.create({ name: "Acme", interestCount: 3 } as never)).rejects.toMatchObject({
        code: "invalid_input",
        details: { entity: "account", field: "interestCount" },
      });
    },
    "tells which interests are popular": async ({ open }) => {
      const crm = await open();
      for (const [name, labels] of [
        ["Acme", ["vip", "retail"]],
        ["Base", ["vip", "energy"]],
      ] as const) {
        const { id } = await crm.accounts.create({ name });
        for (const label of labels) await crm.accounts.addInterest(id, label);
      }
      expect(await crm.interests.popular()).toEqual([
        { label: "vip", accounts: 2 },
        { label: "energy", accounts: 1 },
        { label: "retail", accounts: 1 },
      ]);
      expect(await crm.interests.popular({ limit: 1 })).toEqual([{ label: "vip", accounts: 2 }]);
    },
    "is in the transaction of its handle": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.accounts.create({ name: "Acme" });
      await expect(
        crm.transaction(async (tx) => {
          await tx.accounts.addInterest(id, "vip");
          expect(await tx.interests.popular()).toEqual([{ label: "vip", accounts: 1 }]);
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
      expect([await crm.interests.popular(), (await crm.accounts.get(id)).interestCount]).toEqual([[], 0]);
    },
  },
});

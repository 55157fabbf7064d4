import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@relata/memory";
import { sqlite } from "@relata/sqlite";
import { type CrmWith, type PluginStorage, testPlugin } from "@relata/testkit";
import { expect } from "vitest";
import { type Tags, tags } from "./index.ts";

const storages: readonly PluginStorage[] = [
  { name: "memory", open: () => memory() },
  {
    name: "sqlite",
    open: (after) => {
      const folder = mkdtempSync(join(tmpdir(), "relata-tags-"));
      after(() => rmSync(folder, { recursive: true }));
      return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
    },
    durable: true,
  },
];

async function labelsOf(crm: CrmWith<Tags>, accountId: string): Promise<string> {
  const { taggings } = await crm.accounts.get(accountId, { include: { taggings: { include: { tag: true } } } });
  return taggings
    .map(({ tag }) => tag!.label)
    .sort()
    .join(", ");
}

testPlugin("tags", {
  plugin: tags,
  storages,
  populate: async (crm, { word, ids }) => {
    await crm.accounts.tag(ids.account!, `${word} label`);
  },
  probes: {
    "accounts.tag": (crm, ids) => [() => crm.accounts.tag(ids.account!, "vip")],
    "accounts.untag": (crm, ids) => [() => crm.accounts.untag(ids.account!, "canary label")],
    "tags.popular": (crm) => [() => crm.tags.popular()],
  },
  facts: {
    "tags an account, with a new tag or one that is there, once": async ({ open }) => {
      const crm = await open();
      const [acme, base] = await crm.accounts.createMany([{ name: "Acme" }, { name: "Base" }]);
      const vip = await crm.accounts.tag(acme!.id, "VIP");
      expect(vip).toMatchObject({ label: "vip", colour: "grey" });
      expect((await crm.accounts.tag(base!.id, "  vip ")).id).toBe(vip.id);
      await crm.accounts.tag(acme!.id, "vip");
      await crm.accounts.tag(acme!.id, "Key   account");
      expect(await labelsOf(crm, acme!.id)).toBe("key account, vip");
      expect(await crm.accounts.count({ where: { taggings: { some: { tag: { label: "vip" } } } } })).toBe(2);
    },
    "tells what happened, after the commit, and not again": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.accounts.create({ name: "Acme" });
      const heard: string[] = [];
      crm.on("account.tagged", ({ recordId, data }) => void heard.push(`tagged ${recordId === id} ${data.label}`));
      crm.on("account.untagged", ({ data }) => void heard.push(`untagged ${data.label}`));
      await crm.transaction(async (tx) => {
        await tx.accounts.tag(id, "VIP");
        await tx.accounts.tag(id, "vip");
        expect(heard).toEqual([]);
      });
      await crm.accounts.untag(id, "vip");
      await crm.accounts.untag(id, "vip");
      expect(heard).toEqual(["tagged true vip", "untagged vip"]);
    },
    "untags, and says whether there was anything to untag": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.accounts.create({ name: "Acme" });
      await crm.accounts.tag(id, "vip");
      expect([await crm.accounts.untag(id, "VIP"), await crm.accounts.untag(id, "vip")]).toEqual([true, false]);
      expect([await crm.taggings.count(), await crm.tags.count()]).toEqual([0, 1]);
    },
    "counts the tags of an account, whichever way they come and go": async ({ open }) => {
      const crm = await open();
      const [acme, base] = await crm.accounts.createMany([{ name: "Acme" }, { name: "Base" }]);
      const made = await crm.tags.createMany([{ label: "a" }, { label: "b" }]);
      const pairs = [acme!, base!].flatMap(({ id }) => made.map((tag) => ({ accountId: id, tagId: tag.id })));
      await crm.taggings.createMany(pairs);
      const counts = async () => {
        const { items } = await crm.accounts.list({ orderBy: [{ name: "asc" }] });
        return items.map(({ name, tagCount }) => `${name} ${tagCount}`);
      };
      expect(await counts()).toEqual(["Acme 2", "Base 2"]);
      await crm.tags.delete(made[0]!.id);
      expect(await counts()).toEqual(["Acme 1", "Base 1"]);
      await crm.accounts.delete(base!.id);
      expect([await counts(), await crm.taggings.count()]).toEqual([["Acme 1"], 1]);
      expect(
        (await crm.accounts.list({ where: { tagCount: { gte: 1 } }, orderBy: [{ tagCount: "desc" }] })).items,
      ).toHaveLength(1);
    },
    "refuses more than 50 tags on an account, and leaves nothing of the attempt": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.accounts.create({ name: "Acme" });
      await crm.transaction(async (tx) => {
        for (let i = 1; i <= 50; i++) await tx.accounts.tag(id, `tag ${i}`);
      });
      await expect(crm.accounts.tag(id, "tag 51")).rejects.toMatchObject({
        code: "tag_limit_reached",
        message: `Account ${id} would have 51 tags, and 50 is the most: untag it first.`,
        details: { plugin: "tags", entity: "account", id, limit: 50 },
      });
      expect([(await crm.accounts.get(id)).tagCount, await crm.tags.count()]).toEqual([50, 50]);
      await crm.accounts.untag(id, "tag 1");
      await crm.accounts.tag(id, "tag 51");
    },
    "normalises labels written without its operations": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.tags.create({ label: "  Key  Account " });
      expect(await crm.tags.update(id, { colour: "red" })).toMatchObject({ label: "key account", colour: "red" });
      await expect(crm.tags.create({ label: "KEY account" })).rejects.toMatchObject({
        code: "not_unique",
        details: { entity: "tag", field: "label" },
      });
    },
    "lets nobody else write the count": async ({ open }) => {
      const crm = await open();
      await expect(crm.accounts.create({ name: "Acme", tagCount: 3 } as never)).rejects.toMatchObject({
        code: "invalid_input",
        details: { entity: "account", field: "tagCount" },
      });
    },
    "tells which tags are popular": async ({ open }) => {
      const crm = await open();
      for (const [name, labels] of [
        ["Acme", ["vip", "retail"]],
        ["Base", ["vip", "energy"]],
      ] as const) {
        const { id } = await crm.accounts.create({ name });
        for (const label of labels) await crm.accounts.tag(id, label);
      }
      expect(await crm.tags.popular()).toEqual([
        { label: "vip", accounts: 2 },
        { label: "energy", accounts: 1 },
        { label: "retail", accounts: 1 },
      ]);
      expect(await crm.tags.popular({ limit: 1 })).toEqual([{ label: "vip", accounts: 2 }]);
    },
    "is in the transaction of its handle": async ({ open }) => {
      const crm = await open();
      const { id } = await crm.accounts.create({ name: "Acme" });
      await expect(
        crm.transaction(async (tx) => {
          await tx.accounts.tag(id, "vip");
          expect(await tx.tags.popular()).toEqual([{ label: "vip", accounts: 1 }]);
          throw new Error("no");
        }),
      ).rejects.toThrow("no");
      expect([await crm.tags.popular(), (await crm.accounts.get(id)).tagCount]).toEqual([[], 0]);
    },
  },
});

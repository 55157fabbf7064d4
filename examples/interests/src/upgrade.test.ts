import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { sqlite } from "@relata/sqlite";
import { expect, it } from "vitest";
import { interests } from "./index.ts";
import { parts } from "./parts.ts";

/** The plugin as it was: no hook normalised the labels, and nobody counted. */
const before = () => definePlugin({ id: "interests", version: "0.9.0", ...parts });

it("normalises the labels of an older version, and makes one interest of two that differ in case", async () => {
  const folder = mkdtempSync(join(tmpdir(), "relata-interests-"));
  const storage = sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
  try {
    const old = await createCrm({ storage, plugins: [before()] });
    const [acme, base] = await old.accounts.createMany([{ name: "Acme" }, { name: "Base" }]);
    const made = await old.interests.createMany([{ label: "VIP" }, { label: "vip" }, { label: " Key  Account" }]);
    await old.accountInterests.createMany([
      { accountId: acme!.id, interestId: made[0]!.id },
      { accountId: acme!.id, interestId: made[1]!.id },
      { accountId: base!.id, interestId: made[0]!.id },
      { accountId: base!.id, interestId: made[2]!.id },
    ]);
    await old.close();

    const crm = await createCrm({ storage, plugins: [interests()] });
    expect(await crm.interests.popular()).toEqual([
      { label: "vip", accounts: 2 },
      { label: "key account", accounts: 1 },
    ]);
    await crm.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

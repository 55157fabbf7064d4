import { expectTypeOf } from "vitest";
import type { StorageAdapter } from "../../adapter.ts";
import { createCrm, upsertByExternalId } from "../../index.ts";
import { defineEntity, text } from "../../plugin.ts";

declare const storage: StorageAdapter;
const machine = defineEntity("machine", { plural: "machines", fields: { serial: text() } });
const crm = await createCrm({ storage, entities: [machine], extend: { account: { tier: text().optional() } } });

// The repository that `into` gives decides what the records have, extensions included, and what comes back.
const accounts = { source: "erp", entityType: "account", into: (tx: typeof crm) => tx.accounts };
const [one] = await upsertByExternalId(crm, accounts, [{ key: "1", input: { name: "Acme", tier: "gold" } }]);
expectTypeOf(one!.record.tier).toEqualTypeOf<string | null>();
expectTypeOf(one!.status).toEqualTypeOf<"created" | "updated" | "unchanged">();
const machines = { source: "iot", entityType: "machine", into: (tx: typeof crm) => tx.machines };
const [two] = await crm.transaction((tx) => upsertByExternalId(tx, machines, [{ key: "1", input: { serial: "7" } }]));
expectTypeOf(two!.record.serial).toEqualTypeOf<string>();
// @ts-expect-error a field that there is not
await upsertByExternalId(crm, accounts, [{ key: "1", input: { name: "Acme", teir: "gold" } }]);
// @ts-expect-error a field that is required
await upsertByExternalId(crm, machines, [{ key: "1", input: {} }]);
// @ts-expect-error a derived field
await crm.contacts.create({ fullName: "Ann" });
// @ts-expect-error the channel is needed
await crm.contacts.mayContact("id", {});
expectTypeOf((await crm.contacts.mayContact(["id"], { channel: "email" }))[0]!.allowed).toEqualTypeOf<boolean>();
expectTypeOf((await crm.contacts.mayContact("id", { channel: "email" })).allowed).toEqualTypeOf<boolean>();

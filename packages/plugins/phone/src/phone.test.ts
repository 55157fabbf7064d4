import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { testPlugin } from "@relata/testkit";
import { describe, expect, it } from "vitest";
import { phone } from "./index.ts";

const german = () => phone({ defaultCountry: "DE" });
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "was not refused",
    (error: unknown) => error,
  );

testPlugin("phone", {
  plugin: german,
  storages: [
    { name: "memory", open: () => memory() },
    { name: "postgres", open: leasedSchemas(postgres), durable: true },
  ],
  populate: async () => {},
  probes: {
    "phone.normalize": "makes a text of a text",
    "phone.format": "makes a text of a text",
  },
  facts: {
    "keeps numbers as written, and compares them in their international form": async ({ open }) => {
      const crm = await open();
      const ann = await crm.contacts.create({ phone: "030 / 123 45-67" });
      expect(ann.phone).toBe("030 / 123 45-67");
      expect((await crm.phoneNumbers.list()).items).toMatchObject([
        { number: "030 / 123 45-67", normalized: "+49301234567", isPrimary: true },
      ]);
      for (const same of [
        "+49 (0)30 1234567",
        "0049 30 1234567",
        "030 1234567",
        "０３０ １２３４５６７",
        "030 1234567 ext. 12",
      ])
        expect((await crm.contacts.byPhone(same)).map(({ id }) => id)).toEqual([ann.id]);
      expect(await crm.contacts.byPhone("+1 301 234 5678")).toEqual([]);
    },
    "finds the number of a contact again when it is written otherwise": async ({ open }) => {
      const crm = await open();
      const ann = await crm.contacts.create({ phone: "030 1234567" });
      await crm.phoneNumbers.create({ contactId: ann.id, number: "0171 2345678" });
      await crm.contacts.update(ann.id, { phone: "+49 171 2345678" });
      expect((await crm.phoneNumbers.list({ orderBy: [{ createdAt: "asc" }] })).items).toMatchObject([
        { number: "030 1234567", isPrimary: false },
        { number: "+49 171 2345678", normalized: "+491712345678", isPrimary: true },
      ]);
    },
    "refuses what cannot be a number, by name, and writes nothing": async ({ open }) => {
      const crm = await open();
      const wrong = [
        { phone: "030 1234567" },
        { phone: "1" },
        { phone: "call me" },
        { phone: `030 ${"1".repeat(30)}` },
      ];
      expect(await refusal(crm.contacts.createMany(wrong))).toMatchObject({
        code: "invalid_input",
        details: {
          entity: "contact",
          issues: [
            { field: "phone", code: "invalid_value", index: 1 },
            { field: "phone", index: 2 },
            { field: "phone", index: 3 },
          ],
        },
      });
      const acme = await crm.accounts.create({ name: "Acme" });
      expect(await refusal(crm.phoneNumbers.create({ accountId: acme.id, number: "+999 1" }))).toMatchObject({
        code: "invalid_input",
        details: { entity: "phoneNumber", field: "number" },
      });
      expect([await crm.contacts.count(), await crm.phoneNumbers.count()]).toEqual([0, 0]);
    },
  },
});

describe("phone", () => {
  it("keeps what cannot be a number where it is told to, and compares it by its digits", async () => {
    const crm = await createCrm({ storage: memory(), plugins: [phone({ defaultCountry: "DE", invalid: "keep" })] });
    await crm.contacts.create({ phone: "intern 77" });
    expect((await crm.phoneNumbers.list()).items).toMatchObject([{ number: "intern 77", normalized: "77" }]);
    expect(await refusal(crm.contacts.create({ phone: "nobody" }))).toMatchObject({ code: "invalid_input" });
  });

  it("needs country codes where there is no default country", async () => {
    const crm = await createCrm({ storage: memory(), plugins: [phone()] });
    expect(await refusal(crm.contacts.create({ phone: "030 1234567" }))).toMatchObject({
      message:
        "contact.phone is not a phone number: it has no known country code, such as +49, and there is no default country.",
    });
    expect((await crm.contacts.create({ phone: "+886 2 2345 6789" })).phone).toBe("+886 2 2345 6789");
  });

  it("formats for people, and leaves alone what is no number", () => {
    const { format } = german().definition.services!({} as never) as { format(number: string, as?: string): string };
    expect(format("0301234567")).toBe("+49 30 1234567");
    expect(format("+49301234567", "national")).toBe("030 1234567");
    expect(format("0301234567", "uri")).toBe("tel:+49301234567");
    expect(format("+1 213 373 4253", "national")).toBe("(213) 373-4253");
    expect(format("call me")).toBe("call me");
  });

  it("compares anew what was there before it, in batches that tell how far they are", async () => {
    const storage = memory();
    let opened: Awaited<ReturnType<typeof storage.open>> | undefined;
    const kept = {
      name: storage.name,
      open: async (options: Parameters<typeof storage.open>[0]) => {
        opened ??= await storage.open(options);
        return { ...opened, close: async () => {} };
      },
    };
    const before = await createCrm({ storage: kept });
    await before.contacts.createMany(
      Array.from({ length: 1_500 }, (_, i) => ({ phone: i === 7 ? "77" : `030 ${1_000_000 + i}` })),
    );
    const crm = await createCrm({ storage: kept, plugins: [german()] });
    expect(await crm.contacts.byPhone("030 1000000")).toEqual([]);
    const told: unknown[] = [];
    const done = await crm.phoneNumbers.normalizeAgain({ onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([
      { read: 1_000, changed: 999, refused: 1 },
      { read: 1_500, changed: 1_499, refused: 1 },
    ]);
    expect(done).toEqual(told[1]);
    expect(await crm.contacts.byPhone("+49 30 1000000")).toHaveLength(1);
    expect(await crm.phoneNumbers.normalizeAgain()).toEqual({ read: 1_500, changed: 0, refused: 1 });
  });

  it("refuses options that mean nothing", () => {
    expect(() => phone({ defaultCountry: "XX" as never })).toThrow('phone: defaultCountry "XX" is no country');
    expect(() => phone({ invalid: "drop" as never })).toThrow('phone: invalid must be "refuse" or "keep".');
  });
});

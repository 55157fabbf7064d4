import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it } from "vitest";
import { memberships } from "../memberships.ts";
import { onEveryStorage, refusal, type StandingCrm } from "../standing-memberships-fixture.ts";
import { greet } from "./greet.ts";
import { englishGreetings } from "./greeting-rules.ts";

const person = (name: string) => {
  const [givenName, familyName, honorific] = name.split(" ").map((part) => (part === "-" ? null : part));
  return { givenName: givenName ?? null, familyName: familyName ?? null, honorific: honorific ?? null };
};

/** A household with these members, in this order: "Anna Silva". */
async function householdOf(crm: StandingCrm, names: readonly string[], account: object = {}) {
  const { id: accountId } = await crm.accounts.create({ name: "Home", kind: "household", ...account });
  const join = async (name: string, more: object = {}) => {
    const { id: contactId } = await crm.contacts.create(person(name));
    const { id } = await crm.affiliations.create({ contactId, accountId, kind: "household", ...more });
    return { contactId, affiliationId: id };
  };
  const members = [];
  for (const [at, name] of names.entries()) members.push(await join(name, { validFrom: `20${10 + at}-01-01` }));
  const name = async () => (await crm.accounts.get(accountId)).name;
  const greetings = async (options: object = {}) => (await crm.memberships.greetings([accountId], options))[0]!;
  return { accountId, join, members, name, greetings };
}

const storages = {
  memory: () => memory(),
  sqlite: () => sqlite({ filename: ":memory:" }),
  postgres: leasedSchemas(postgres),
};

onEveryStorage(storages, (open) => {
  it("greets a household's members of the day, without those who are left out, dead, or gone", async () => {
    const crm = await open();
    const { members, greetings, accountId } = await householdOf(crm, ["Anna Silva Dr.", "Ben Silva Mr.", "Carl Costa"]);
    expect(await greetings()).toEqual({
      ...{ accountId, name: "Silva and Costa household", formal: "Dr. Anna and Mr. Ben Silva and Carl Costa" },
      ...{ informal: "Anna, Ben and Carl", contactIds: members.map(({ contactId }) => contactId) },
    });
    expect(await greetings({ on: "2011-06-01" })).toMatchObject({ formal: "Dr. Anna and Mr. Ben Silva" });
    await crm.affiliations.update(members[2]!.affiliationId, { notInName: true, notInInformalGreeting: true });
    await crm.affiliations.update(members[1]!.affiliationId, { householdOrder: 0 });
    expect(await greetings()).toMatchObject({
      ...{ name: "Silva household", formal: "Mr. Ben and Dr. Anna Silva and Carl Costa", informal: "Ben and Anna" },
    });
    await crm.contacts.update(members[0]!.contactId, { deathDate: "2020-01-01" });
    expect(await greetings()).toMatchObject({ informal: "Ben" });
    await crm.accounts.update(accountId, { informalGreeting: "Dear all" });
    expect(await greetings({ rules: { formal: "Familie [{family}]", and: " und " } })).toMatchObject({
      ...{ informal: "Dear all", formal: "Familie Silva und Costa" },
    });
  });

  it("names a household after its members when it is asked to, and never one that was named by hand", async () => {
    const crm = await open();
    const byHand = await householdOf(crm, ["Anna Silva"]);
    expect(await byHand.name()).toBe("Home");
    const { accountId, join, members, name } = await householdOf(crm, ["Anna Silva"], { householdNaming: "automatic" });
    expect(await name()).toBe("Silva household");
    const { affiliationId } = await join("Ben Costa", { validFrom: "2020-01-01" });
    expect(await name()).toBe("Silva and Costa household");
    await crm.contacts.update(members[0]!.contactId, { familyName: "Souza" });
    expect(await name()).toBe("Souza and Costa household");
    await crm.affiliations.delete(affiliationId);
    expect(await name()).toBe("Souza household");
    await crm.accounts.update(accountId, { name: "By hand" });
    expect(await name()).toBe("Souza household");
    await crm.accounts.update(accountId, { householdNaming: "manual" });
    await crm.accounts.update(accountId, { name: "By hand" });
    await join("Dora Dias", { validFrom: "2020-01-01" });
    expect(await name()).toBe("By hand");
    await crm.accounts.update(accountId, { householdNaming: "automatic" });
    expect(await name()).toBe("Souza and Dias household");
  });

  it("names a household after all who join it at once", async () => {
    const crm = await open();
    const { join, name } = await householdOf(crm, [], { householdNaming: "automatic" });
    expect(await name()).toBe("Home");
    await Promise.all(["Anna A", "Ben B", "Cleo C", "Dora D"].map((each) => join(each)));
    expect((await name()).match(/\b[A-D]\b/g)?.toSorted()).toEqual(["A", "B", "C", "D"]);
  });

  it("refuses an organisation that would be named like a household, and patterns that mean nothing", async () => {
    const crm = await open();
    const { accountId, greetings } = await householdOf(crm, []);
    expect(await refusal(crm.accounts.create({ name: "Acme", householdNaming: "automatic" }))).toMatchObject({
      message: "account.householdNaming is for households: the name of an organisation is what is written.",
    });
    for (const formal of ["{title}", "hello", "[{given}] [{family}]", "[{given}", "{given"])
      expect(await refusal(greetings({ rules: { formal } }))).toMatchObject({ code: "invalid_input" });
    expect(await refusal(greetings({ rules: { most: 0 } }))).toMatchObject({ code: "invalid_input" });
    expect(await refusal(crm.memberships.greetings([crypto.randomUUID()]))).toMatchObject({ code: "not_found" });
    expect(await greetings()).toMatchObject({ accountId, name: "Home", formal: "Home", informal: "Home" });
  });
});

describe("household names", () => {
  it("follow the end of an affiliation when its day has come and they are asked to, once", async () => {
    let now = Date.parse("2026-03-31T12:00:00Z");
    const crm = await createCrm({ storage: memory(), plugins: [memberships()], clock: () => now });
    const home = await crm.accounts.create({ name: "Home", kind: "household", householdNaming: "automatic" });
    const people = await crm.contacts.createMany([{ familyName: "Silva" }, { familyName: "Costa" }]);
    await crm.affiliations.createMany(
      people.map(({ id }, at) => ({
        ...{ contactId: id, accountId: home.id, kind: "household" as const, validFrom: `201${at}-01-01` },
        ...(at === 1 ? { validUntil: "2026-03-31" } : {}),
      })),
    );
    expect((await crm.accounts.get(home.id)).name).toBe("Silva and Costa household");
    expect(await crm.memberships.nameHouseholds()).toBe(0);
    now = Date.parse("2026-04-01T12:00:00Z");
    expect(await crm.memberships.nameHouseholds()).toBe(1);
    expect((await crm.accounts.get(home.id)).name).toBe("Silva household");
    expect(await crm.memberships.nameHouseholds()).toBe(0);
    await crm.close();
  });
});

describe("greetings", () => {
  const told = (pattern: string, names: readonly string[], rules: object = {}) =>
    greet(names.map(person), pattern, { ...englishGreetings, ...rules });
  const formal = englishGreetings.formal;

  it("tell a family name that follows the names of several once", () => {
    expect(told(formal, ["Anna Silva", "Ben Silva"])).toBe("Anna and Ben Silva");
    expect(told(formal, ["Anna Silva", "Ben Costa"])).toBe("Anna Silva and Ben Costa");
    expect(told(formal, ["Anna Silva", "Ben Costa", "Carl Silva"])).toBe("Anna and Carl Silva and Ben Costa");
    expect(told(formal, ["Anna Silva", "Anna Silva"])).toBe("Anna and Anna Silva");
    expect(told("{honorific} [{given}] {family}", ["Anna Silva Dr.", "Ben Silva Dr."])).toBe("Dr. Anna and Ben Silva");
  });

  it("end with others where there are more than are told", () => {
    const names = ["Anna Silva", "Ben Silva", "Carl Costa", "Dora Dias"];
    expect(told("[{given}]", names, { most: 2 })).toBe("Anna, Ben and friends");
    expect(told("[{given}]", names, { most: 4 })).toBe("Anna, Ben, Carl and Dora");
    expect(told("[{given}]", names, { most: 1, others: "family" })).toBe("Anna and family");
    expect(told("[{given}]", names, { most: 2, others: "" })).toBe("Anna and Ben");
    expect(told(formal, names, { most: 2 })).toBe("Anna and Ben Silva and friends");
    expect(told(formal, names, { most: 3 })).toBe("Anna and Ben Silva, Carl Costa and friends");
    expect(told("[{family}] household", names, { most: 2 })).toBe("Silva, Costa and friends household");
  });

  it("tell who lacks a given name by the whole name, and leave those without a family name out of families", () => {
    expect(told(formal, ["Anna Silva", "- Costa"])).toBe("Anna Silva and Costa");
    expect(told("[{given}]", ["Anna Silva", "- Costa", "- -"])).toBe("Anna and Costa");
    expect(told("[{family}] household", ["Anna Silva", "Ben -"])).toBe("Silva household");
    expect(told("[{family}] household", ["Ben -"])).toBe("Ben household");
    expect(told(formal, ["- -"])).toBeUndefined();
    expect(told(formal, [])).toBeUndefined();
  });

  it("tell both family names, and the order of a culture", () => {
    const ana = { givenName: "Ana", familyName: "García", secondFamilyName: "Pérez" };
    expect(greet([ana], formal, englishGreetings)).toBe("Ana García Pérez");
    const taro = { givenName: "太郎", familyName: "山田", honorific: "様" };
    expect(greet([taro], "[{full}]", { ...englishGreetings, and: "、" })).toBe("山田太郎様");
  });

  it("are in the words that the plugin is given, which it refuses where they mean nothing", () => {
    expect(() => memberships({ greetings: { and: " und ", others: "Freunde" } })).not.toThrow();
    expect(() => memberships({ greetings: { name: "no field" } })).toThrow("account.name is no pattern");
  });
});

import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it } from "vitest";
import { onEveryStorage, refusal, type StandingCrm, societyOf } from "../standing-memberships-fixture.ts";
import { formatNumber, numberingIssues } from "./number-format.ts";

async function numbered(crm: StandingCrm, numbering: object) {
  const { programId, levelIds } = await societyOf(crm, [{ key: "friend" }]);
  await crm.membershipPrograms.update(programId, numbering);
  const enter = async (from: string) => {
    const { id: contactId } = await crm.contacts.create({ givenName: "Ann" });
    return crm.memberships.stand({ contactId, terms: [{ levelId: levelIds[0]!, from }] });
  };
  const numbers = async () => {
    const { items } = await crm.memberships.list({ where: { programId }, limit: 1_000 });
    return items.map(({ number }) => number).toSorted();
  };
  return { programId, levelIds, enter, numbers };
}

const storages = {
  memory: () => memory(),
  sqlite: () => sqlite({ filename: ":memory:" }),
  postgres: leasedSchemas(postgres),
};

onEveryStorage(storages, (open) => {
  it("gives each member a number, anew each year where that is the rule, and none without a format", async () => {
    const crm = await open();
    const { enter, numbers, programId } = await numbered(crm, {
      ...{ numberFormat: "{program}-{year}-{number:3}", numberRestart: "yearly" },
    });
    for (const from of ["2025-03-01", "2025-04-01", "2026-01-01"]) await enter(from);
    expect(await numbers()).toEqual(["society-2025-001", "society-2025-002", "society-2026-001"]);
    await crm.membershipPrograms.update(programId, { numberFormat: null });
    await enter("2026-01-02");
    expect(await numbers()).toContain(null);
  });

  it("leaves no gap where joining was undone, and gives no number twice, however many join at once", async () => {
    const crm = await open();
    const { enter, numbers } = await numbered(crm, { numberFormat: "{number}" });
    const joining = Array.from({ length: 12 }, (_, at) =>
      at % 3 === 2
        ? refusal(
            crm.transaction(async (tx) => {
              const { id: contactId } = await tx.contacts.create({ givenName: "Undone" });
              const levelId = (await tx.membershipLevels.list()).items[0]!.id;
              await tx.memberships.stand({ contactId, terms: [{ levelId, from: "2026-01-01" }] });
              throw new Error("changed my mind");
            }),
          )
        : enter("2026-01-01"),
    );
    await Promise.all(joining);
    expect(await numbers()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
  });

  it("passes over numbers that were given by hand, and refuses one that another member has", async () => {
    const crm = await open();
    const { enter, numbers, programId } = await numbered(crm, {});
    const first = await enter("2020-05-01");
    const second = await enter("2019-05-01");
    await crm.memberships.setNumber(first, "0002");
    expect(await refusal(crm.memberships.setNumber(second, "0002"))).toMatchObject({ code: "not_unique" });
    expect(await refusal(crm.memberships.setNumber(second, ""))).toMatchObject({ code: "invalid_input" });
    const third = await enter("2018-05-01");
    await crm.membershipPrograms.update(programId, { numberFormat: "{number:4}" });
    expect(await crm.memberships.numberMembers(programId)).toBe(2);
    expect((await crm.memberships.get(third)).number).toBe("0001");
    expect((await crm.memberships.get(second)).number).toBe("0003");
    await enter("2026-01-01");
    expect(await numbers()).toEqual(["0001", "0002", "0003", "0004"]);
    expect(await crm.memberships.numberMembers(programId)).toBe(0);
  });

  it("refuses a format by which two members would have one number", async () => {
    const crm = await open();
    const { programId } = await numbered(crm, {});
    const set = (numbering: object) => refusal(crm.membershipPrograms.update(programId, numbering));
    expect(await set({ numberFormat: "M-{year}" })).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("membershipProgram.numberFormat has {number} not exactly once"),
    });
    expect(await set({ numberFormat: "{number}", numberRestart: "yearly" })).toMatchObject({ code: "invalid_input" });
    expect((await crm.membershipPrograms.get(programId)).numberFormat).toBe(null);
  });
});

describe("number formats", () => {
  it("have zeros in front, the year of joining and the key of the program", () => {
    const parts = { number: 42, joinedOn: "2026-05-01", program: "north" };
    expect(formatNumber("{program}/{year}/{number:5}", parts)).toBe("north/2026/00042");
    expect(formatNumber("{number:1}", { ...parts, number: 123 })).toBe("123");
  });

  it("are refused where something in braces is not known", () => {
    const formats = ["{number:0}", "{number", "{Number}", "{number}{number}", "{number} {day}", "x"];
    for (const numberFormat of formats) expect(numberingIssues({ numberFormat })).toHaveLength(1);
    expect(numberingIssues({ numberFormat: "{year}-{number:6}", numberRestart: "yearly" })).toEqual([]);
    expect(numberingIssues({ numberFormat: null })).toEqual([]);
  });
});

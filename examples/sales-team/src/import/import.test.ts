import { join } from "node:path";
import { memory } from "@relata/memory";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm, type SalesCrm } from "../crm.ts";
import { clean } from "../source/clean.ts";
import { readSource } from "../source/read-source.ts";
import type { SalesData } from "../source/sales-data.ts";
import { edited, type FixtureFiles, goodFiles, temporaryFolder, writeFixture } from "../source/source-fixture.ts";
import { importSalesData } from "./import-sales-data.ts";

const fixture = async (changes?: FixtureFiles): Promise<SalesData> =>
  clean(await readSource(await writeFixture(changes)), "2025-12-31");

const now = new Date("2026-01-15T09:00:00Z");

async function opened(storage: Parameters<typeof openCrm>[0]["storage"]): Promise<SalesCrm> {
  const crm = await openCrm({ storage, clock: () => now.getTime() });
  onTestFinished(() => crm.close());
  return crm;
}

/** Every record's id and version, by entity. */
async function versions(crm: SalesCrm) {
  const read = async (records: AsyncIterable<{ readonly id: string; readonly version: number }>) => {
    const found: string[] = [];
    for await (const { id, version } of records) found.push(`${id} ${version}`);
    return found.sort();
  };
  return {
    teams: await read(crm.teams.iterate()),
    users: await read(crm.users.iterate()),
    accounts: await read(crm.accounts.iterate()),
    products: await read(crm.products.iterate()),
    contacts: await read(crm.contacts.iterate()),
    pipelines: await read(crm.pipelines.iterate()),
    stages: await read(crm.stages.iterate()),
    opportunities: await read(crm.opportunities.iterate()),
    stageEntries: await read(crm.opportunityStageEntries.iterate()),
    activities: await read(crm.activities.iterate()),
  };
}

const unchanged = (count: number) => ({ created: 0, changed: 0, unchanged: count });
const created = (count: number) => ({ created: count, changed: 0, unchanged: 0 });

const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: join(await temporaryFolder(), "crm.db") })],
] as const;

describe.each(storages)("importSalesData on %s", (_, makeStorage) => {
  it("brings in everything, once", async () => {
    const crm = await opened(await makeStorage());
    expect(await importSalesData(crm, await fixture(), { now })).toEqual({
      tallies: {
        teams: created(2),
        users: created(5),
        accounts: created(2),
        products: created(2),
        contacts: created(2),
        opportunities: created(6),
        activities: created(2),
      },
      moved: 3,
      postponed: 0,
      otherCloseDate: 0,
    });
  });

  it("changes nothing the second time: no count, no version, no date", async () => {
    const crm = await opened(await makeStorage());
    const data = await fixture();
    await importSalesData(crm, data, { now });
    const before = await versions(crm);
    expect(await importSalesData(crm, data, { now })).toEqual({
      tallies: {
        teams: unchanged(2),
        users: unchanged(5),
        accounts: unchanged(2),
        products: unchanged(2),
        contacts: unchanged(2),
        opportunities: unchanged(6),
        activities: unchanged(2),
      },
      moved: 0,
      postponed: 0,
      otherCloseDate: 0,
    });
    expect(await versions(crm)).toEqual(before);
  });

  it("gives people their managers, accounts their parents, opportunities what they are about", async () => {
    const crm = await opened(await makeStorage());
    await importSalesData(crm, await fixture(), { now });
    const opportunity = await crm.opportunities.find({
      where: { externalId: "O1" },
      include: { account: { include: { parent: true } }, owner: { include: { manager: true } }, product: true },
    });
    expect(opportunity).toMatchObject({
      name: "Alpha Pro for Lake",
      account: { name: "Lake", annualRevenue: { amount: "1100040000.00", currency: "USD" }, parent: { name: "Hill" } },
      owner: { name: "Ann Adler", teamId: "North", manager: { name: "Mia Moss", managerId: null } },
      product: { name: "Alpha Pro", listPrice: { amount: "1000.00", currency: "USD" } },
    });
    const call = await crm.activities.find({
      where: { kind: "call" },
      include: { opportunity: true, contact: true },
    });
    expect(call).toMatchObject({
      subject: "First call",
      done: true,
      dueAt: new Date("2025-01-10T12:00:00Z"),
      opportunity: { externalId: "O1" },
      contact: { familyName: "Olsen", givenName: null },
    });
  });

  it("tells the course of an opportunity as it happened", async () => {
    const crm = await opened(await makeStorage());
    await importSalesData(crm, await fixture(), { now });
    const won = await crm.opportunities.find({
      where: { externalId: "O1" },
      include: { stage: true, stageEntries: { orderBy: [{ enteredAt: "asc" }], include: { stage: true } } },
    });
    expect(won).toMatchObject({
      status: "won",
      stage: { key: "won" },
      amount: { amount: "900.00", currency: "USD" },
      createdAt: new Date("2025-01-10T12:00:00Z"),
      updatedAt: new Date("2025-02-20T12:00:00Z"),
      actualCloseDate: "2025-02-20",
      salesCycleDays: 41,
      probability: "100",
    });
    expect(
      won?.stageEntries.map(({ stage, enteredAt, leftAt, durationMs }) => [stage?.key, enteredAt, leftAt, durationMs]),
    ).toEqual([
      ["engaging", new Date("2025-01-10T12:00:00Z"), new Date("2025-02-20T12:00:00Z"), 41 * 86_400_000],
      ["won", new Date("2025-02-20T12:00:00Z"), null, null],
    ]);
    const prospecting = await crm.opportunities.find({ where: { externalId: "O6" }, include: { stage: true } });
    expect(prospecting).toMatchObject({
      name: "Beta",
      accountId: null,
      status: "open",
      stage: { key: "prospecting" },
      stageEnteredAt: new Date("2025-04-01T12:00:00Z"),
      amount: { amount: "50.00", currency: "USD" },
    });
    const lost = await crm.opportunities.find({ where: { externalId: "O2" } });
    expect(lost).toMatchObject({
      status: "lost",
      actualCloseDate: "2025-04-01",
      amount: { amount: "1000.00", currency: "USD" },
    });
  });

  it("brings up to date what has changed in the source: what happened later is dated later, what was wrong is dated now", async () => {
    const crm = await opened(await makeStorage());
    await importSalesData(crm, await fixture(), { now });
    const pipeline = goodFiles["sales_pipeline.csv"]
      .replace("O4,Ben Baker,Beta,,Engaging,2025-01-05,,", "O4,Ben Baker,Beta,Hill,Won,2025-01-05,2025-04-03,60")
      .replace("O3,Ben Baker", "O3,Cy Cole")
      .concat("O7,Ann Adler,Beta,Lake,Engaging,2025-04-02,,\n");
    const accounts = goodFiles["accounts.csv"].replace("2822", "2900");
    const result = await importSalesData(
      crm,
      await fixture({ "sales_pipeline.csv": pipeline, "accounts.csv": accounts }),
      { now },
    );
    expect(result).toMatchObject({
      tallies: {
        accounts: { created: 0, changed: 1, unchanged: 1 },
        opportunities: { created: 1, changed: 2, unchanged: 4 },
      },
      moved: 1,
    });
    const [third, fourth, seventh] = await Promise.all(
      ["O3", "O4", "O7"].map((externalId) => crm.opportunities.find({ where: { externalId } })),
    );
    expect(third).toMatchObject({ ownerId: "Cy Cole", amount: { amount: "55.00", currency: "USD" } });
    expect(third?.updatedAt).toEqual(now);
    expect(fourth).toMatchObject({
      status: "won",
      name: "Beta for Hill",
      actualCloseDate: "2025-04-03",
      stageEnteredAt: new Date("2025-04-03T12:00:00Z"),
      amount: { amount: "60.00", currency: "USD" },
    });
    expect(seventh).toMatchObject({ createdAt: new Date("2025-04-02T12:00:00Z") });
  });

  it("dates what is older than the records it refers to when all of them are there, and says how much", async () => {
    const crm = await opened(await makeStorage());
    await importSalesData(crm, await fixture(), { now });
    const changes = edited("sales_pipeline.csv", "O1,", "P1,Ann Adler,Beta,Lake,Won,2024-11-02,2024-12-24,48\nO1,");
    expect((await importSalesData(crm, await fixture(changes), { now })).postponed).toBe(1);
    expect(await crm.opportunities.find({ where: { externalId: "P1" } })).toMatchObject({
      status: "won",
      createdAt: new Date("2025-01-05T12:00:00Z"),
      actualCloseDate: "2025-01-05",
      salesCycleDays: 0,
    });
    expect(await importSalesData(crm, await fixture(changes), { now })).toMatchObject({ moved: 0, otherCloseDate: 1 });
  });

  it("goes on where a failure has stopped it, with the same result", async () => {
    const whole = await opened(await makeStorage());
    const stopped = await opened(await makeStorage());
    const data = await fixture();
    await importSalesData(whole, data, { now });
    const failure = new Error("the power is gone");
    const onProgress = ({ month }: { readonly month: string }) => {
      if (month === "2025-02") throw failure;
    };
    await expect(importSalesData(stopped, data, { now, onProgress })).rejects.toBe(failure);
    expect(await stopped.opportunities.count()).toBe(3);
    await importSalesData(stopped, data, { now });
    const course = async (crm: SalesCrm) => {
      const { items } = await crm.opportunities.list({
        orderBy: [{ externalId: "asc" }],
        include: { stageEntries: { orderBy: [{ enteredAt: "asc" }] } },
      });
      return items.map(({ externalId, status, actualCloseDate, amount, createdAt, version, stageEntries }) => ({
        ...{ externalId, status, actualCloseDate, amount, createdAt, version },
        stays: stageEntries.map(({ enteredAt, leftAt }) => [enteredAt, leftAt]),
      }));
    };
    expect(await course(stopped)).toEqual(await course(whole));
  });

  it("takes a planned activity for a day to come", async () => {
    const crm = await opened(await makeStorage());
    await importSalesData(crm, await fixture(edited("activities.csv", "2025-03-15", "2026-05-01")), { now });
    expect(await crm.activities.find({ where: { kind: "task" } })).toMatchObject({
      dueAt: new Date("2026-05-01T12:00:00Z"),
      createdAt: now,
      done: false,
    });
  });

  it("takes back what was won, with the list price again", async () => {
    const crm = await opened(await makeStorage());
    await importSalesData(crm, await fixture(), { now });
    const changes = edited("sales_pipeline.csv", "Won,2025-01-10,2025-02-20,900", "Engaging,2025-01-10,,");
    expect((await importSalesData(crm, await fixture(changes), { now })).moved).toBe(1);
    const reopened = await crm.opportunities.find({ where: { externalId: "O1" } });
    expect(reopened).toMatchObject({
      status: "open",
      actualCloseDate: null,
      salesCycleDays: null,
      amount: { amount: "1000.00", currency: "USD" },
    });
  });

  it("keeps the teams of two tenants apart", async () => {
    const crm = await opened(await makeStorage());
    const data = await fixture();
    await importSalesData(crm.as({ tenantId: "one" }), data);
    await importSalesData(crm.as({ tenantId: "two" }), data);
    expect(await crm.as({ tenantId: "one" }).opportunities.count()).toBe(6);
    expect(await crm.as({ tenantId: "two" }).opportunities.count()).toBe(6);
    expect(await crm.opportunities.count()).toBe(0);
  });

  it("tells how far it is, month by month", async () => {
    const crm = await opened(await makeStorage());
    const steps: string[] = [];
    await importSalesData(crm, await fixture(), {
      now,
      onProgress: ({ month, written, total }) => steps.push(`${month} ${written}/${total}`),
    });
    expect(steps).toEqual([
      "2025-01 1/11",
      "2025-01 3/11",
      "2025-01 4/11",
      "2025-02 5/11",
      "2025-02 6/11",
      "2025-02 7/11",
      "2025-03 8/11",
      "2025-03 9/11",
      "2025-04 11/11",
    ]);
  });
});

/** How many statements, and how many round trips, calls take. */
import { createCrm, type ShownStatement } from "@relata/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appPool, sharedSchema } from "./fixtures/schema.ts";
import { postgres } from "./postgres-adapter.ts";

const place = sharedSchema();
const shown: ShownStatement[] = [];
const open = () => createCrm({ storage: postgres(place), onQuery: (statement) => shown.push(statement) });
let crm: Awaited<ReturnType<typeof open>>;

beforeAll(async () => {
  crm = await open();
});
afterAll(() => crm.close());

async function statementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  shown.length = 0;
  await work();
  return shown.map(({ kind, text }) => `${kind}: ${text}`);
}

describe("a write outside of a unit", () => {
  it("is one statement, with its history", async () => {
    const { id } = await crm.teams.create({ id: "t1", name: "A" });
    const statements = await statementsOf(() => crm.teams.update(id, { name: "B" }));
    expect(statements).toHaveLength(2);
    expect(statements[0]).toMatch(/^find: select /);
    expect(statements[1]).toMatch(
      /^write: with .*for no key update.*\(update "[^"]+"."team" .*insert into "[^"]+"."team__history"/s,
    );
    expect(await crm.teams.history(id)).toHaveLength(2);
  });
});

describe("reads by id in one tick", () => {
  it("are one statement outside of units", async () => {
    await crm.teams.createMany([
      { id: "a", name: "A" },
      { id: "b", name: "B" },
      { id: "c", name: "C" },
    ]);
    let names: readonly string[] = [];
    const statements = await statementsOf(async () => {
      const found = await Promise.all(["a", "b", "c", "a"].map((id) => crm.teams.get(id)));
      names = found.map(({ name }) => name);
    });
    expect(names).toEqual(["A", "B", "C", "A"]);
    expect(statements).toHaveLength(1);
    expect(statements[0]).toContain("= any($");
  });

  it("fail alone where a record is missing, and stay apart by tenant", async () => {
    const other = crm.as({ tenantId: "other" });
    const [own, missing, foreign] = await Promise.allSettled([
      crm.teams.get("a"),
      crm.teams.get("nowhere"),
      other.teams.get("b"),
    ]);
    expect(own).toMatchObject({ status: "fulfilled", value: { id: "a", name: "A" } });
    expect(missing).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
    expect(foreign).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
  });

  it("are statements of their own inside of a unit", async () => {
    const statements = await statementsOf(() =>
      crm.transaction((tx) => Promise.all([tx.teams.get("a"), tx.teams.get("b")])),
    );
    expect(statements.filter((text) => text.startsWith("find: "))).toHaveLength(2);
  });
});

describe("many rows", () => {
  it("are written by one statement, as a list for each column", async () => {
    const teams = Array.from({ length: 500 }, (_, i) => ({ id: `many${i}`, name: `Team ${i}` }));
    const statements = await statementsOf(() => crm.teams.createMany(teams));
    const writes = statements.filter((text) => text.startsWith("write: "));
    expect(writes).toHaveLength(1);
    expect(writes[0]).toMatch(/^write: insert into .* from unnest\(\$/s);
    expect(await crm.teams.count({ where: { name: { startsWith: "Team " } } })).toBe(500);
  });
});

describe("related rows", () => {
  it("come with their parents, at every level, in one statement", async () => {
    const acme = await crm.accounts.create({ name: "Acme" });
    const part = await crm.accounts.create({ name: "Part", parentId: acme.id });
    await crm.opportunities.create({ name: "Deal", accountId: part.id });
    let deals: unknown;
    const statements = await statementsOf(async () => {
      const { items } = await crm.opportunities.list({
        where: { name: "Deal" },
        include: { stage: true, account: { include: { parent: true } } },
      });
      deals = items;
    });
    expect(statements).toHaveLength(1);
    expect(deals).toMatchObject([
      { stage: { key: "qualification" }, account: { name: "Part", parent: { name: "Acme" } } },
    ]);
  });
});

describe("statements", () => {
  it("are prepared under names, but for those that read the past, or have a long list", async () => {
    const pool = appPool(place, { max: 1 });
    const own = await createCrm({ storage: postgres({ pool, schema: place.schema }), migrate: "off" });
    await own.teams.create({ id: "named", name: "Named" });
    await own.teams.get("named");
    await own.asOf(new Date()).teams.list({ where: { name: "Named" } });
    await own.teams.list({ where: { id: { in: ["named", "other"] } } });
    await own.teams.count({ where: { id: { in: Array.from({ length: 101 }, (_, at) => `t${at}`) } } });
    const { rows } = await pool.query<{ statement: string }>(
      "select statement from pg_prepared_statements where name like 'relata\\_%'",
    );
    const prepared = rows.map(({ statement }) => statement);
    expect(prepared.filter((text) => /^select .*"team" as /s.test(text))).toHaveLength(2);
    expect(prepared.filter((text) => text.includes("count(*)"))).toEqual([]);
    expect(prepared.filter((text) => text.includes("union all"))).toEqual([]);
    await own.close();
  });
});

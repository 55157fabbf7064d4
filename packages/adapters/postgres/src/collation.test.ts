/** A database whose own order of texts is that of a language. */
import { count, createCrm } from "@relata/core";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { ownDatabase } from "./fixtures/own-database.ts";
import { postgres } from "./postgres-adapter.ts";

const database = ownDatabase({ language: "en-US" });
const names = ["_", "a", "B", "Z", "é", "z", "\u{1f680}", "\uff21"];
const byCodePoint = ["B", "Z", "_", "a", "z", "é", "\uff21", "\u{1f680}"];

describe("texts in a database that orders them by a language", () => {
  it("are ordered, compared and grouped by code point", async () => {
    const client = new pg.Client(database.url());
    await client.connect();
    onTestFinished(() => client.end());
    const { rows } = await client.query("select unnest($1::text[]) as name order by 1", [names]);
    expect(rows.map(({ name }) => name)).not.toEqual(byCodePoint);

    const crm = await createCrm({ storage: postgres({ connectionString: database.url() }) });
    onTestFinished(() => crm.close());
    await crm.teams.createMany(names.map((name, i) => ({ id: `t${i}`, name })));
    const listed = async (query: Parameters<typeof crm.teams.list>[0]) =>
      (await crm.teams.list({ orderBy: [{ name: "asc" }], ...query })).items.map(({ name }) => name);
    expect(await listed({})).toEqual(byCodePoint);
    expect(await listed({ where: { name: { gt: "_" } } })).toEqual(byCodePoint.slice(3));
    const first = await crm.teams.list({ orderBy: [{ name: "asc" }], limit: 3 });
    expect(await listed({ after: first.next! })).toEqual(byCodePoint.slice(3));
    const groups = await crm.teams.aggregate({ groupBy: { name: "name" }, measures: { records: count() } });
    expect(groups.map(({ name }) => name).sort()).toEqual([...byCodePoint].sort());
  });
});

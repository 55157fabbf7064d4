/** What becomes of a database when the next version of the application declares its entities differently. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import {
  boolean,
  createCrm,
  decimal,
  defineEntity,
  instant,
  integer,
  json,
  money,
  oneOf,
  reference,
  text,
} from "@relata/core";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { failure, temporaryFile } from "./fixtures/open-sales.ts";
import { sqlite } from "./sqlite-adapter.ts";

type AssetDefinition = Parameters<typeof defineEntity>[1];
type AnyField = AssetDefinition["fields"][string];
type Values = Readonly<Record<string, unknown>>;

/** As one version of the application declares it; its fields are known at run time only. */
interface Version {
  readonly assets: { create(values: Values): Promise<Values>; list(): Promise<{ readonly items: readonly Values[] }> };
  close(): Promise<void>;
}

let filename: string;
beforeEach(() => {
  filename = temporaryFile();
});

async function open(
  fields: AssetDefinition["fields"],
  rules: Partial<AssetDefinition> = {},
  migrate: "auto" | "verify" = "auto",
): Promise<Version> {
  const asset = defineEntity("asset", { ...rules, plural: "assets", fields });
  const crm = (await createCrm({ storage: sqlite({ filename }), entities: [asset], migrate })) as unknown as Version;
  onTestFinished(() => crm.close());
  return crm;
}

/** Creates assets by a version that is closed afterwards. */
async function given(
  fields: AssetDefinition["fields"],
  assets: readonly Values[],
  rules: Partial<AssetDefinition> = {},
): Promise<void> {
  const crm = await open(fields, rules);
  for (const asset of assets) await crm.assets.create(asset);
  await crm.close();
}

async function field(crm: Version, name: string): Promise<readonly unknown[]> {
  const { items } = await crm.assets.list();
  return items.map((item) => item[name]).sort();
}

function query(sql: string): unknown[] {
  const database = new DatabaseSync(filename);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

const tables = () => query("select name, sql from sqlite_schema order by name");
/** The indexes that every entity with history has. */
const ofHistory = ["asset__updated_at__id__idx", "asset__history__ended_at__updated_at__idx"];
const indexes = () =>
  query("select name from sqlite_schema where type = 'index' and name like 'asset\\_\\_%' escape '\\'").map(
    (row) => (row as { name: string }).name,
  );

describe("a list of values", () => {
  it("accepts a value that was added later; a version without it still reads it, and refuses to write it", async () => {
    const narrow = { account: { tier: oneOf("gold").optional() } };
    const first = await createCrm({ storage: sqlite({ filename }), extend: narrow });
    await first.accounts.create({ name: "A", tier: "gold" });
    await first.close();

    const wide = { account: { tier: oneOf("gold", "silver").optional() } };
    const second = await createCrm({ storage: sqlite({ filename }), extend: wide });
    const { id } = await second.accounts.create({ name: "B", tier: "silver" });
    const list = await second.accounts.list({ where: { tier: { in: ["gold", "silver"] } } });
    expect(list.items.map((account) => account.tier)).toEqual(["gold", "silver"]);
    await second.close();
    expect(query("pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);

    const before = tables();
    const third = await createCrm({ storage: sqlite({ filename }), extend: narrow });
    onTestFinished(() => third.close());
    expect(await third.accounts.get(id)).toMatchObject({ name: "B", tier: "silver" });
    await third.accounts.update(id, { name: "B2" });
    const silver = { name: "C", tier: "silver" as "gold" };
    expect(await failure(third.accounts.create(silver))).toMatchObject({ code: "invalid_input" });
    expect(tables()).toEqual(before);
  });

  it("is widened once by four processes that start together, and each can write the new value", async () => {
    const first = await createCrm({
      storage: sqlite({ filename }),
      extend: { account: { tier: oneOf("gold").optional() } },
    });
    await first.accounts.create({ name: "A", tier: "gold" });
    const children = [1, 2, 3, 4].map(() =>
      fork(new URL("./fixtures/widening-process.ts", import.meta.url), [filename], {
        execArgv: ["--conditions=@relata/source"],
      }),
    );
    const written = await Promise.all(children.map(async (child) => (await once(child, "message"))[0] as string));
    expect(written).toEqual(["silver", "silver", "silver", "silver"]);
    expect((await first.accounts.list()).items.map((account) => account.tier).sort()).toEqual([
      "gold",
      "silver",
      "silver",
      "silver",
      "silver",
    ]);
    await first.accounts.create({ name: "B", tier: "gold" });
    await first.close();
  }, 30_000);

  it("makes way for any text", async () => {
    await given({ tier: oneOf("gold") }, [{ tier: "gold" }]);
    const crm = await open({ tier: text() });
    await crm.assets.create({ tier: "anything" });
    expect(await field(crm, "tier")).toEqual(["anything", "gold"]);
  });

  it("cannot replace any text", async () => {
    await given({ tier: text() }, [{ tier: "anything" }]);
    const before = tables();
    expect(await failure(open({ tier: oneOf("gold") }))).toMatchObject({
      code: "schema_mismatch",
      message: "asset.tier may be any text in the database, but is declared as one of a list.",
      details: { entity: "asset", field: "tier" },
    });
    expect(tables()).toEqual(before);
  });

  it("is not widened where a database is only verified", async () => {
    await given({ tier: oneOf("gold") }, []);
    const error = await failure(open({ tier: oneOf("gold", "silver") }, {}, "verify"));
    expect(error.code).toBe("schema_mismatch");
    expect(error.message).toContain("the column tier of asset accepts less");
    await given({ tier: oneOf("gold", "silver") }, [{ tier: "silver" }]);
    const crm = await open({ tier: oneOf("silver") }, {}, "verify");
    expect(await field(crm, "tier")).toEqual(["silver"]);
  });
});

describe("a unique rule", () => {
  it("that is not declared any more refuses nothing", async () => {
    await given({ serial: text().unique(), site: text() }, [{ serial: "1", site: "a" }], {
      unique: [["site", "serial"]],
    });
    const crm = await open({ serial: text(), site: text() });
    await crm.assets.create({ serial: "1", site: "a" });
    expect(await field(crm, "serial")).toEqual(["1", "1"]);
    expect(indexes()).toEqual(ofHistory);
  });

  it("is kept while its field is not declared, for the version that declares it", async () => {
    await given({ serial: text().unique().optional(), site: text() }, [{ serial: "1", site: "a" }]);
    await given({ site: text() }, [{ site: "b" }, { site: "c" }]);
    const crm = await open({ serial: text().unique().optional(), site: text() });
    expect(await failure(crm.assets.create({ serial: "1", site: "d" }))).toMatchObject({ code: "not_unique" });
  });

  it("made by hand is left alone", async () => {
    await given({ serial: text() }, [{ serial: "1" }]);
    query('create unique index ours on asset ("serial")');
    const crm = await open({ serial: text() });
    expect(await failure(crm.assets.create({ serial: "1" }))).toMatchObject({ code: "not_unique" });
  });

  it("cannot be added over records that break it: nothing is changed, and the fields are named", async () => {
    await given({ serial: text(), site: text() }, [
      { serial: "1", site: "a" },
      { serial: "1", site: "b" },
    ]);
    const before = tables();
    const declared = { serial: text().unique(), site: text().indexed(), note: text().optional() };
    expect(await failure(open(declared))).toMatchObject({
      code: "not_unique",
      message:
        "The records that exist break the new rule that no two of asset have the same serial: make them differ first. Nothing was changed.",
      details: { entity: "asset", field: "serial", fields: ["serial"] },
    });
    expect(tables()).toEqual(before);
    const crm = await open({ serial: text(), site: text() });
    expect(await field(crm, "site")).toEqual(["a", "b"]);
  });

  it("over other fields than before takes the place of the one before", async () => {
    const fields = { serial: text(), site: text() };
    await given(fields, [{ serial: "1", site: "a" }], { unique: [["serial"]] });
    const crm = await open(fields, { unique: [["serial", "site"]] });
    await crm.assets.create({ serial: "1", site: "b" });
    expect(await failure(crm.assets.create({ serial: "1", site: "b" }))).toMatchObject({
      code: "not_unique",
      details: { entity: "asset", fields: ["serial", "site"] },
    });
  });
});

describe("an index", () => {
  it("over other fields than before is made beside the one before", async () => {
    const fields = { serial: text(), site: text() };
    await given(fields, [{ serial: "1", site: "a" }], { indexes: [["serial", "site"]] });
    await open(fields, { indexes: [["site", "serial"]] });
    expect(indexes().sort()).toEqual(["asset__serial__site__idx", "asset__site__serial__idx", ...ofHistory].sort());
  });

  it("that is not declared any more is left alone", async () => {
    await given({ serial: text().indexed() }, [{ serial: "1" }]);
    await open({ serial: text() });
    expect(indexes().sort()).toEqual(["asset__serial__idx", ...ofHistory].sort());
  });
});

describe("whether a field may be absent", () => {
  it("is relaxed when it becomes optional, together with its list and the shadow of folded text", async () => {
    const list = oneOf("gold");
    await given({ name: text({ fold: true }), tier: list }, [{ name: "A", tier: "gold" }]);
    const fields = { name: text({ fold: true }).optional(), tier: oneOf("gold", "silver").optional() };
    const crm = await open(fields);
    await crm.assets.create({});
    await crm.assets.create({ tier: "silver" });
    expect(await field(crm, "tier")).toEqual(["gold", null, "silver"]);
    expect(await field(crm, "name")).toEqual(["A", null, null]);
  });

  it("cannot be ruled out for records that exist", async () => {
    await given({ name: text().optional() }, [{}]);
    const before = tables();
    expect(await failure(open({ name: text() }))).toMatchObject({
      code: "schema_mismatch",
      message: "asset.name may be empty in the database, but is declared as always present.",
      details: { entity: "asset", field: "name" },
    });
    expect(tables()).toEqual(before);
  });
});

describe("a field of another meaning", () => {
  const eur = { amount: "1.50", currency: "EUR" };
  it.each<[string, AnyField, AnyField, unknown]>([
    ["decimal(2) in the database, but declared as decimal(6)", decimal({ scale: 2 }), decimal({ scale: 6 }), "12.5"],
    ["integer in the database, but declared as decimal(6)", integer(), decimal(), 1_250_000],
    ["integer in the database, but declared as instant", integer(), instant(), 7],
    ["integer in the database, but declared as boolean", integer(), boolean(), 7],
    ["boolean in the database, but declared as integer", boolean(), integer(), true],
    ["instant in the database, but declared as integer", instant(), integer(), new Date(7)],
    ["decimal(6) in the database, but declared as money", decimal(), money().optional(), "12.5"],
    ["money in the database, but declared as decimal(6)", money(), decimal(), eur],
    ["text in the database, but declared as json", text(), json(z.json()), "{"],
    ["text in the database, but declared as reference(account)", text(), reference("account"), "nowhere"],
    [
      "reference(account) in the database, but declared as text",
      reference("account").optional(),
      text().optional(),
      null,
    ],
    [
      "reference(account) in the database, but declared as reference(contact)",
      reference("account").optional(),
      reference("contact").optional(),
      null,
    ],
  ])("is refused, and nothing is changed: %s", async (...[difference, before, after, value]) => {
    await given({ heldId: before }, [{ heldId: value }]);
    const found = tables();
    const error = await failure(open({ note: text().optional(), heldId: after }));
    expect(error).toMatchObject({
      code: "schema_mismatch",
      message: `asset.heldId is ${difference}: change it back, declare a new field under another name, or write a migration that converts it.`,
      details: { entity: "asset", field: "heldId" },
    });
    expect(tables()).toEqual(found);
    expect(await field(await open({ heldId: before }), "heldId")).toEqual([value]);
  });

  it("is refused where it was added later, and where only verified", async () => {
    await given({ name: text() }, [{ name: "A" }]);
    await given({ name: text(), price: decimal({ scale: 2 }).default("12.5") }, []);
    for (const mode of ["auto", "verify"] as const) {
      const error = await failure(open({ name: text(), price: decimal({ scale: 6 }).default("12.5") }, {}, mode));
      expect(error).toMatchObject({ code: "schema_mismatch", details: { entity: "asset", field: "price" } });
    }
    expect(await field(await open({ name: text(), price: decimal({ scale: 2 }).default("1") }), "price")).toEqual([
      "12.5",
    ]);
  });

  it("is refused under the name of one that was dropped", async () => {
    await given({ name: text(), price: integer() }, [{ name: "A", price: 5 }]);
    await given({ name: text() }, [{ name: "B" }]);
    expect(await failure(open({ name: text(), price: instant().optional() }))).toMatchObject({
      code: "schema_mismatch",
    });
    expect(await field(await open({ name: text(), price: integer().optional() }), "price")).toEqual([5, null]);
  });

  it("is refused for the ids of records", async () => {
    await given({ name: text() }, [{ id: "a-1", name: "A" }], { ids: "app" });
    expect(await failure(open({ name: text() }))).toMatchObject({
      code: "schema_mismatch",
      details: { entity: "asset", field: "id" },
    });
  });

  it("is refused for text that is to be folded, as what exists is not", async () => {
    await given({ name: text().optional() }, [{ name: "ACME" }]);
    expect(await failure(open({ name: text({ fold: true }).optional() }))).toMatchObject({
      code: "schema_mismatch",
      details: { entity: "asset", field: "name" },
    });
  });

  it("is none for text that is not folded any more, has another length or a list that is gone", async () => {
    await given({ name: text({ fold: true }), note: text({ maxLength: 3 }), tier: oneOf("gold") }, [
      { name: "A", note: "a", tier: "gold" },
    ]);
    const crm = await open({ name: text(), note: text(), tier: text() });
    await crm.assets.create({ name: "B", note: "longer", tier: "any" });
    expect(await field(crm, "name")).toEqual(["A", "B"]);
  });
});

describe("a required field that is not declared any more", () => {
  const before = {
    name: text(),
    tier: oneOf("gold"),
    cost: money(),
    ownerId: reference("account").optional(),
    paid: boolean(),
  };
  const cost = { amount: "1.50", currency: "EUR" };

  it("is left empty in new records, and keeps the values of those that exist", async () => {
    await given(before, [{ name: "A", tier: "gold", cost, paid: true }]);
    const crm = await open({ name: text() });
    await crm.assets.create({ name: "B" });
    await crm.close();
    expect(query("pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
    const again = await open({
      name: text(),
      tier: oneOf("gold").optional(),
      cost: money().optional(),
      paid: boolean().optional(),
    });
    expect((await again.assets.list()).items).toMatchObject([
      { name: "A", tier: "gold", cost, paid: true },
      { name: "B", tier: null, cost: null, paid: null },
    ]);
    expect(await failure(open(before))).toMatchObject({ code: "schema_mismatch" });
  });

  it("is not made optional where a database is only verified", async () => {
    await given({ name: text(), note: text() }, []);
    const error = await failure(open({ name: text() }, {}, "verify"));
    expect(error.message).toContain("the column note of asset must have a value, but is not declared any more");
  });
});

describe("a value that was changed by hand into what cannot be read", () => {
  it("is storage_corrupt wherever it is read, naming the record and the field", async () => {
    const crm = await createCrm({
      storage: sqlite({ filename }),
      extend: { account: { extra: json(z.json()).optional() } },
    });
    onTestFinished(() => crm.close());
    const { id } = await crm.accounts.create({ name: "A", extra: { a: 1 } });
    await crm.contacts.create({ givenName: "C", accountId: id });
    query(`update account set extra = '{"a":'`);
    const corrupt = {
      code: "storage_corrupt",
      message: `account.extra of "${id}" holds a value in the database that cannot be read. Correct it there, or restore it from a backup.`,
      details: { entity: "account", field: "extra", id },
    };
    expect(await failure(crm.accounts.get(id))).toMatchObject(corrupt);
    expect(await failure(crm.accounts.list())).toMatchObject(corrupt);
    expect(await failure(crm.contacts.list({ include: { account: true } }))).toMatchObject(corrupt);
    expect(await failure(crm.accounts.update(id, { name: "B" }))).toMatchObject(corrupt);
    expect((await crm.accounts.list({ select: ["name"] })).items).toEqual([{ id, name: "A" }]);
  });
});

describe("a default", () => {
  it("that is changed is given to new records only, also where the list of values grew with it", async () => {
    await given({ name: text() }, [{ name: "older than the field" }]);
    await given({ name: text(), tier: oneOf("gold").default("gold") }, [{ name: "first default" }]);
    const crm = await open({ name: text(), tier: oneOf("gold", "silver").default("silver") });
    await crm.assets.create({ name: "second default" });
    const { items } = await crm.assets.list();
    expect(Object.fromEntries(items.map(({ name, tier }) => [name, tier]))).toEqual({
      "older than the field": "gold",
      "first default": "gold",
      "second default": "silver",
    });
  });

  it("is given by the database to records of a version that does not declare the field", async () => {
    await given({ name: text(), tier: oneOf("gold").default("gold") }, [{ name: "A" }]);
    await given({ name: text() }, [{ name: "B" }]);
    const crm = await open({ name: text(), tier: oneOf("gold").default("gold") });
    expect(await field(crm, "tier")).toEqual(["gold", "gold"]);
  });
});

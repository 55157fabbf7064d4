/** Databases that somebody has changed by hand, and statements that somebody else applies. */
import { DatabaseSync } from "node:sqlite";
import { type CrmOptions, createCrm, planMigrations, runMigrations } from "@relata/core";
import { defineEntity, oneOf, reference, text } from "@relata/core/plugin";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { failure, temporaryFile } from "./fixtures/open-sales.ts";
import { sqlite } from "./sqlite-adapter.ts";

const note = defineEntity("note", {
  plural: "notes",
  fields: {
    body: text().indexed(),
    code: text().optional().unique(),
    mood: oneOf("good", "bad").optional(),
    accountId: reference("account").optional(),
  },
});

let database: DatabaseSync;
let options: CrmOptions & { readonly entities: readonly [typeof note] };
beforeEach(() => {
  const filename = temporaryFile();
  database = new DatabaseSync(filename);
  onTestFinished(() => database.close());
  options = { storage: sqlite({ filename, durability: "relaxed" }), entities: [note] };
});

describe("a table that was changed by hand", () => {
  const verified = () => failure(createCrm({ ...options, migrate: "verify" }));
  const definition = () =>
    String(database.prepare("select sql from sqlite_schema where name = 'note' and type = 'table'").get()?.sql);

  it("is refused with everything that differs in it, and left as it is", async () => {
    await runMigrations(options);
    const changed = definition()
      .replace(/"body" TEXT not null/, '"body" INTEGER')
      .replace(/ constraint "note.mood" check \([^)]*\)\)/, "")
      .replace(/, constraint "note.account_id" foreign key \([^)]*\) references "account" \([^)]*\)/, "");
    database.exec(`drop table note; ${changed}; create index note__body__idx on note (body)`);
    expect(await verified()).toMatchObject({
      code: "schema_mismatch",
      details: {
        entity: "note",
        field: "body",
        differences: [
          "note.body is of type INTEGER in the database, but declared as TEXT",
          "note.mood may be any text in the database, but is declared as one of a list",
          "note.accountId refers to the table account, but the foreign key is gone from the database",
          "the index note__code__key of note is missing",
          "the index note__updated_at__id__idx of note is missing",
          "the index note__body__idx of note holds a rule that is not declared any more",
          "the index note__body__idx of note is missing",
          "the index note__account_id__idx of note is missing",
        ],
      },
    });
    expect(definition()).toBe(changed);
  });

  it("gets its indexes back, also one of the same name over other columns", async () => {
    await runMigrations(options);
    const indexes = () =>
      database
        .prepare("select name, sql from sqlite_schema where type = 'index' and tbl_name = 'note' order by name")
        .all();
    const before = indexes();
    database.exec(
      "drop index note__code__key; drop index note__body__idx; create index note__body__idx on note (mood)",
    );
    expect((await verified()).details.missing).toBe(3);
    await runMigrations(options);
    expect(indexes()).toEqual(before);
  });
});

describe("the statements of a plan", () => {
  it("bring the database there when somebody else runs them, the ledger included", async () => {
    await runMigrations(options);
    const memo = defineEntity("memo", { plural: "memos", fields: { ...note.fields, tone: text().optional() } });
    const next = {
      ...options,
      entities: [memo],
      migrations: [{ id: "1", rename: { entities: { note: "memo" } } }],
    };
    const { steps } = await planMigrations(next);
    expect(steps.map(({ kind, risk }) => `${kind} ${risk}`)).toEqual([
      ...Array(4).fill("drop_index safe"),
      "rename_table risky",
      "drop_index safe",
      "rename_table risky",
      "insert_row safe",
      "add_column safe",
      ...Array(4).fill("create_index safe"),
      "add_column safe",
      "create_index safe",
      "insert_row safe",
    ]);
    expect(await failure(createCrm({ ...next, migrate: "verify" }))).toMatchObject({ code: "schema_mismatch" });
    database.enableDefensive?.(false);
    for (const statement of steps.flatMap(({ sql }) => sql)) database.exec(statement);
    const crm = await createCrm({ ...next, migrate: "verify" });
    onTestFinished(() => crm.close());
    expect(await crm.memos.create({ body: "x", mood: "good" })).toMatchObject({ body: "x", tone: null });
  });
});

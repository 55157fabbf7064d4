import { describe, expect, it } from "vitest";
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { defineEntity } from "../entity/define-entity.ts";
import type { AnyField, Fields } from "../entity/field.ts";
import { boolean, date, decimal, instant, integer, json, money, oneOf, reference, text } from "../entity/fields.ts";
import { resolveSchema } from "../entity/resolve-schema.ts";
import type { LiveColumn, LiveSchema, LiveTable, MigrationStep } from "../storage/storage-adapter.ts";
import type { ColumnSchema, TableSchema } from "../storage/storage-schema.ts";
import { planMigration } from "./plan.ts";
import { refuseDifferences } from "./verify.ts";

const account = { name: text(), day: date().optional().indexed() };
const columnType = (column: ColumnSchema) => column.kind.toUpperCase();

function schemaOf(fields: Fields) {
  const visit = defineEntity("visit", {
    plural: "visits",
    fields: { accountId: reference("account") },
    history: false,
  });
  const account = defineEntity("account", { plural: "accounts", fields, history: false });
  return resolveSchema([{ plugin: "app", entities: [account, visit], extend: {} }]);
}

/** A database as these fields would have made it. */
function live(fields: Fields, change: (tables: Map<string, LiveTable>) => void = () => {}): LiveSchema {
  const tables = new Map(
    [...schemaOf(fields).entities.values()].map(({ table }): [string, LiveTable] => [
      table.name,
      {
        columns: new Map(table.columns.map((column) => [column.name, liveColumn(column)])),
        indexes: new Map(table.indexes.map((index) => [index.name, index])),
        foreignKeys: table.foreignKeys,
      },
    ]),
  );
  change(tables);
  return { tables };
}

function liveColumn(column: ColumnSchema): LiveColumn {
  const { meaning, nullable, values } = column;
  const hasDefault = column.default !== undefined;
  return { type: columnType(column), meaning, nullable, hasDefault, ...(values ? { values } : {}) };
}

const describeStep = (step: MigrationStep) => {
  switch (step.kind) {
    case "create_table":
      return `create ${step.table.name}`;
    case "add_column":
      return `add ${step.table.name}.${step.column.name}`;
    case "widen_column":
      return `widen ${step.table.name}.${step.column.name}`;
    case "allow_null":
      return `allow null in ${step.table.name}.${step.column}`;
    case "create_index":
      return `index ${step.index.name}`;
    case "drop_index":
      return `drop ${step.index.name}`;
    default:
      throw new Error(`${step.kind} is no automatic step.`);
  }
};
const plan = (fields: Fields, database: LiveSchema) =>
  planMigration(schemaOf(fields), database, columnType).map(describeStep);

describe("the plan", () => {
  it("creates all tables in an empty database, each followed by its indexes", () => {
    expect(plan(account, { tables: new Map() })).toEqual([
      "create account",
      "index account__day__idx",
      "create visit",
      "index visit__account_id__idx",
    ]);
  });

  it("creates the history of an entity that has one, also where its table exists", () => {
    const note = defineEntity("note", { plural: "notes", fields: { body: text() } });
    const schema = resolveSchema([{ plugin: "app", entities: [note], extend: {} }]);
    const created = (database: LiveSchema) => planMigration(schema, database, columnType).map(describeStep);
    expect(created({ tables: new Map() })).toEqual([
      "create note",
      "index note__updated_at__id__idx",
      "create note__history",
      "index note__history__ended_at__updated_at__idx",
    ]);
    const { table } = schema.entities.get("note")!;
    const columns = new Map(table.columns.map((column) => [column.name, liveColumn(column)]));
    expect(created({ tables: new Map([["note", { columns, indexes: new Map(), foreignKeys: [] }]]) })).toEqual([
      "index note__updated_at__id__idx",
      "create note__history",
      "index note__history__ended_at__updated_at__idx",
    ]);
  });

  it("is empty for a database that has everything", () => {
    expect(plan(account, live(account))).toEqual([]);
  });

  it("leaves alone what is no longer declared and needs no value", () => {
    expect(plan({ name: text() }, live(account))).toEqual([]);
    expect(plan({ name: text() }, live({ ...account, score: integer().default(5) }))).toEqual([]);
  });

  it("allows null where a value is required that nothing declares any more", () => {
    const before = { name: text({ fold: true }), score: integer(), cost: money() };
    expect(plan({ name: text() }, live(before))).toEqual([
      "allow null in account.score",
      "allow null in account.cost",
      "allow null in account.cost_currency",
      "allow null in account.name_folded",
    ]);
  });

  it("is empty where one field of the same meaning takes the place of another", () => {
    const before = { a: oneOf("x"), b: text({ maxLength: 5 }), c: decimal({ scale: 2, min: 0 }) };
    const after = { a: oneOf("x", "y").written("once"), b: text({ maxLength: 9 }), c: decimal({ scale: 2 }) };
    expect(plan(after, live(before))).toEqual(["widen account.a"]);
    expect(plan({ ...after, a: text() }, live(before))).toEqual(["widen account.a"]);
  });

  it("adds columns that rows can do without, or for which there is a default, and indexes", () => {
    const more = {
      ...account,
      note: text().optional().indexed(),
      score: integer().default(5),
      title: text({ fold: true }).default("Dr"),
    };
    expect(plan(more, live(account))).toEqual([
      "add account.note",
      "add account.score",
      "add account.title",
      "add account.title_folded",
      "index account__note__idx",
    ]);
    const steps = planMigration(schemaOf(more), live(account), columnType);
    const added = steps.flatMap((step) => (step.kind === "add_column" ? [step.column.default] : []));
    expect(added).toEqual([undefined, 5, "Dr", "dr"]);
  });

  it("widens what may be empty from now on, and what has more values from now on", () => {
    const before = { name: text(), tier: oneOf("gold", "iron").optional() };
    const after = { name: text().optional(), tier: oneOf("gold", "silver").optional() };
    expect(plan(after, live(before))).toEqual(["widen account.name", "widen account.tier"]);
    const [, tier] = planMigration(schemaOf(after), live(before), columnType);
    expect(tier).toMatchObject({ column: { name: "tier", values: ["gold", "iron", "silver"] } });
  });

  it("drops a unique rule that is not declared any more, and keeps one whose column is not", () => {
    expect(plan({ name: text() }, live({ name: text().unique() }))).toEqual(["drop account__name__key"]);
    expect(plan({ name: text() }, live({ name: text(), code: text().optional().unique() }))).toEqual([]);
    expect(plan({ name: text() }, live({ name: text().indexed() }))).toEqual([]);
  });

  it("creates a table and an index that are missing between others", () => {
    const database = live(account, (tables) => {
      tables.delete("visit");
      tables.set("account", { ...tables.get("account")!, indexes: new Map() });
    });
    expect(plan(account, database)).toEqual([
      "index account__day__idx",
      "create visit",
      "index visit__account_id__idx",
    ]);
  });
});

describe("what is refused as schema_mismatch", () => {
  const refusal = (fields: Fields, database: LiveSchema) => {
    try {
      plan(fields, database);
    } catch (error) {
      if (CrmError.is(error)) return error;
      throw error;
    }
    throw new Error("The plan was made.");
  };
  const changed = (column: string, to: Partial<LiveColumn>) =>
    live(account, (tables) => {
      const table = tables.get("account")!;
      const columns = new Map(table.columns).set(column, { ...table.columns.get(column)!, ...to });
      tables.set("account", { ...table, columns });
    });

  it("a required field that existing records do not have", () => {
    const error = refusal({ ...account, size: integer() }, live(account));
    expect(error).toMatchObject({ code: "schema_mismatch", details: { entity: "account", field: "size" } });
    expect(error.message).toBe(
      "account.size is missing from the database, and records that exist would have no value for it: make it optional() or give it a default().",
    );
  });

  it("a column of another type", () => {
    const error = refusal(account, changed("day", { type: "TEXT" }));
    expect(error).toMatchObject({ code: "schema_mismatch", details: { entity: "account", field: "day" } });
    expect(error.message).toBe("account.day is of type TEXT in the database, but declared as DATE.");
  });

  it.each<[AnyField, AnyField, string, string]>([
    [decimal({ scale: 2 }), decimal(), "decimal(2)", "decimal(6)"],
    [integer(), decimal(), "integer", "decimal(6)"],
    [integer(), instant(), "integer", "instant"],
    [integer(), boolean(), "integer", "boolean"],
    [boolean(), integer(), "boolean", "integer"],
    [decimal(), money(), "decimal(6)", "money"],
    [text(), json(z.json()), "text", "json"],
    [oneOf("a"), date(), "text", "date"],
  ])("a column whose values stand for something else (%#)", (...[before, after, was, is]) => {
    const error = refusal({ size: after }, live({ size: before }));
    expect(error).toMatchObject({ code: "schema_mismatch", details: { entity: "account", field: "size" } });
    expect(error.message).toBe(
      `account.size is ${was} in the database, but declared as ${is}: change it back, declare a new field under another name, or write a migration that converts it.`,
    );
  });

  it.each<[AnyField, AnyField, string, string]>([
    [text(), reference("account"), "text", "reference(account)"],
    [reference("account"), text(), "reference(account)", "text"],
    [reference("account"), reference("visit"), "reference(account)", "reference(visit)"],
  ])("a reference that was none, or to another entity (%#)", (...[before, after, was, is]) => {
    expect(refusal({ fromId: after }, live({ fromId: before })).message).toBe(
      `account.fromId is ${was} in the database, but declared as ${is}: change it back, declare a new field under another name, or write a migration that converts it.`,
    );
  });

  it("a text that is to be folded, as those that exist are not", () => {
    const message =
      "account.name has no column name_folded in the database, which values that exist would need: change it back, declare a new field under another name, or write a migration that converts it.";
    expect(refusal({ name: text({ fold: true }) }, live({ name: text() })).message).toBe(message);
    const optional = { name: text({ fold: true }).optional() };
    expect(refusal(optional, live({ name: text().optional() })).message).toBe(message);
  });

  it("a text that is to be folded in another way", () => {
    expect(refusal({ name: text({ fold: "phone" }) }, live({ name: text({ fold: true }) })).message).toBe(
      "account.name is folded text in the database, but declared as phone digits: change it back, declare a new field under another name, or write a migration that converts it.",
    );
  });

  it("only a column of another type, where it is not known what the values stand for", () => {
    const foreign = (type: string) =>
      live(account, (tables) => {
        const table = tables.get("account")!;
        const columns = new Map(table.columns).set("day", { type, nullable: true, hasDefault: false });
        tables.set("account", { ...table, columns });
      });
    expect(refusal(account, foreign("TEXT")).message).toBe(
      "account.day is of type TEXT in the database, but declared as DATE.",
    );
    expect(plan(account, foreign("DATE"))).toEqual([]);
  });

  it("a column that may be empty, where the field may not", () => {
    expect(refusal(account, changed("name", { nullable: true })).message).toBe(
      "account.name may be empty in the database, but is declared as always present.",
    );
  });

  it("a column of any text, where the field has a list of values", () => {
    expect(refusal({ ...account, name: oneOf("a", "b") }, live(account)).message).toBe(
      "account.name may be any text in the database, but is declared as one of a list.",
    );
  });
});

describe("verifying only", () => {
  const refuseSteps = (steps: readonly MigrationStep[]) => refuseDifferences({ migrations: [], steps, problems: [] });
  const table = { name: "account", entity: "account" } as TableSchema;

  it("accepts a plan without steps", () => {
    expect(() => refuseSteps([])).not.toThrow();
  });

  it.each<[MigrationStep, string]>([
    [{ kind: "create_table", table }, "the table account is missing."],
    [{ kind: "add_column", table, column: { name: "day" } as ColumnSchema }, "the column day of account is missing."],
    [
      { kind: "widen_column", table, column: { name: "day" } as ColumnSchema },
      "the column day of account accepts less.",
    ],
    [
      { kind: "allow_null", table, column: "day" },
      "the column day of account must have a value, but is not declared any more.",
    ],
    [
      { kind: "create_index", table, index: { name: "by_day", columns: [], unique: false } },
      "the index by_day of account is missing.",
    ],
    [
      { kind: "drop_index", table, index: { name: "by_day", columns: [], unique: true } },
      "the index by_day of account holds a rule that is not declared any more.",
    ],
  ])("refuses %o", (step, message) => {
    expect(() => refuseSteps([step])).toThrow(
      `The database is not as declared: ${message} Open it once with migrate: "auto".`,
    );
  });

  it("says how much more is missing", () => {
    const step: MigrationStep = { kind: "create_table", table };
    expect(() => refuseSteps([step, step, step])).toThrow(
      'the table account is missing. 2 more changes are needed. Open it once with migrate: "auto".',
    );
  });
});

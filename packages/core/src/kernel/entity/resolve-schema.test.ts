import { describe, expect, it } from "vitest";
import { CrmError } from "../../errors.ts";
import { defineEntity, type Entity, type PolymorphicReference } from "./define-entity.ts";
import type { Fields } from "./field.ts";
import { boolean, date, decimal, integer, money, oneOf, reference, text } from "./fields.ts";
import { type Contribution, resolveSchema } from "./resolve-schema.ts";
import { snake } from "./storage-names.ts";

const account = defineEntity("account", { plural: "accounts", fields: { name: text({ fold: true }).indexed() } });
const user = defineEntity("user", { plural: "users", ids: "app", fields: { name: text() } });

function from(
  plugin: string,
  entities: readonly Entity[],
  extend: { readonly [entity: string]: Fields } = {},
): Contribution {
  return { plugin, entities, extend };
}

function tableOf(contributions: readonly Contribution[], entity: string) {
  const { table } = resolveSchema(contributions).entities.get(entity)!;
  return {
    ...table,
    columnNames: table.columns.map((column) => column.name),
    indexNames: table.indexes.map((index) => index.name),
  };
}

function refusal(...contributions: readonly Contribution[]): { code: string; message: string } {
  try {
    resolveSchema(contributions);
  } catch (error) {
    if (!CrmError.is(error)) throw error;
    return { code: error.code, message: error.message };
  }
  throw new Error("The schema was accepted.");
}

const pinned = (fields: Fields, polymorphic: readonly PolymorphicReference<never>[]) =>
  from("app", [defineEntity("pin", { plural: "pins", fields, polymorphic })]);
const pinning = (type: string, id: string, onDelete = "cascade") =>
  ({ type, id, onDelete }) as PolymorphicReference<never>;
const halves = { kind: text(), target: text() };

const withFields = (fields: Fields) => from("app", [defineEntity("visit", { plural: "visits", fields })]);

describe("tables", () => {
  it("begin with the tenant and the base fields, and end with shadows", () => {
    expect(tableOf([from("core", [account])], "account").columnNames).toEqual([
      "tenant_id",
      "id",
      "version",
      "created_at",
      "created_by",
      "updated_at",
      "updated_by",
      "archived_at",
      "name",
      "name_folded",
    ]);
  });

  it("have names in snake case", () => {
    const entry = defineEntity("stageEntry", {
      plural: "stageEntries",
      fields: { enteredByMe: boolean(), aB2C: integer() },
    });
    const table = tableOf([from("core", [entry])], "stageEntry");
    expect(table.name).toBe("stage_entry");
    expect(table.columnNames.slice(-2)).toEqual(["entered_by_me", "a_b2_c"]);
    expect(snake("opportunity")).toBe("opportunity");
  });

  it("have two columns for money, of which both may be null or neither", () => {
    const visit = defineEntity("visit", { plural: "visits", fields: { cost: money(), tip: money().optional() } });
    expect(tableOf([from("app", [visit])], "visit").columns.slice(-4)).toEqual([
      { name: "cost", kind: "bigint", meaning: "money", nullable: false, field: "cost" },
      { name: "cost_currency", kind: "text", meaning: "currency", nullable: false, field: "cost" },
      { name: "tip", kind: "bigint", meaning: "money", nullable: true, field: "tip" },
      { name: "tip_currency", kind: "text", meaning: "currency", nullable: true, field: "tip" },
    ]);
  });

  it("tell the database the values and the default, as they are stored", () => {
    const visit = defineEntity("visit", {
      plural: "visits",
      fields: {
        kind: oneOf("call", "trip").default("trip"),
        score: decimal({ scale: 2 }).default("0.5"),
        note: text({ fold: true }).default("Café"),
        desk: text({ fold: "phone" }).default("030-1"),
      },
    });
    const columns = tableOf([from("app", [visit])], "visit").columns.slice(-6);
    expect(columns).toEqual([
      {
        name: "kind",
        kind: "text",
        meaning: "text",
        nullable: false,
        field: "kind",
        default: "trip",
        values: ["call", "trip"],
      },
      { name: "score", kind: "bigint", meaning: "decimal(2)", nullable: false, field: "score", default: 50n },
      { name: "note", kind: "text", meaning: "text", nullable: false, field: "note", default: "Café" },
      { name: "desk", kind: "text", meaning: "text", nullable: false, field: "desk", default: "030-1" },
      { name: "note_folded", kind: "text", meaning: "folded text", nullable: false, field: "note", default: "cafe" },
      { name: "desk_folded", kind: "text", meaning: "phone digits", nullable: false, field: "desk", default: "301" },
    ]);
  });

  it("have a foreign key for each reference, of the kind of its target's ids", () => {
    const visit = defineEntity("visit", {
      plural: "visits",
      fields: { accountId: reference("account"), userId: reference("user").optional() },
    });
    const table = tableOf([from("core", [account, user, visit])], "visit");
    expect(table.foreignKeys).toEqual([
      { column: "account_id", target: "account" },
      { column: "user_id", target: "user" },
    ]);
    expect(table.columns.slice(-2).map((column) => column.kind)).toEqual(["uuid", "text"]);
  });
});

describe("extensions", () => {
  it("of plugins begin with the plugin's id; those of core and of the application do not", () => {
    const contributions = [
      from("core", [account]),
      from("salesTeams", [], { account: { teamName: text().optional() } }),
      from("app", [], { account: { tier: oneOf("gold").optional() } }),
    ];
    expect(tableOf(contributions, "account").columnNames.slice(-4)).toEqual([
      "name",
      "sales_teams_team_name",
      "tier",
      "name_folded",
    ]);
    const { fields } = resolveSchema(contributions).entities.get("account")!;
    expect(fields.get("teamName")).toMatchObject({ name: "teamName", plugin: "salesTeams" });
  });

  it("of two plugins may be of one name in the database only if they are not of one name for developers", () => {
    const message = refusal(
      from("core", [account]),
      from("a", [], { account: { tier: text().optional() } }),
      from("b", [], { account: { tier: text().optional() } }),
    );
    expect(message).toEqual({
      code: "plugin_conflict",
      message: 'Plugin "b" and plugin "a" both declare account.tier.',
    });
  });
});

describe("indexes", () => {
  const names = (
    fields: Fields,
    options: { indexes?: readonly (readonly string[])[]; unique?: readonly (readonly string[])[] } = {},
  ) => {
    const visit = defineEntity("visit", { plural: "visits", fields, history: false, ...(options as object) });
    return tableOf([from("core", [account, visit])], "visit").indexNames;
  };

  it("begin with the tenant; those that are not unique end with the id", () => {
    const fields = { code: text().unique(), day: date().indexed() };
    const visit = defineEntity("visit", { plural: "visits", fields, history: false });
    expect(tableOf([from("app", [visit])], "visit").indexes).toEqual([
      { name: "visit__code__key", columns: ["tenant_id", "code"], unique: true },
      { name: "visit__day__idx", columns: ["tenant_id", "day", "id"], unique: false },
    ]);
  });

  it("are made for folded text twice: as written, and folded", () => {
    expect(names({ name: text({ fold: true }).indexed() })).toEqual(["visit__name__idx", "visit__name_folded__idx"]);
  });

  it("that are the beginning of another are left out", () => {
    expect(
      names(
        { a: text().indexed(), b: text().indexed(), c: text() },
        {
          indexes: [
            ["a", "b"],
            ["a", "b", "c"],
          ],
        },
      ),
    ).toEqual(["visit__a__b__c__idx", "visit__b__idx"]);
  });

  it("that are declared twice are made once", () => {
    expect(
      names(
        { accountId: reference("account"), a: text() },
        { indexes: [["accountId"], ["a"], ["a"]], unique: [["a"], ["a"]] },
      ),
    ).toEqual(["visit__a__key", "visit__account_id__idx", "visit__a__idx"]);
  });

  it("of different columns have different names, however their words join", () => {
    const one = defineEntity("stage", {
      plural: "stages",
      fields: { entryKey: text().indexed(), entry: text(), key: text() },
      indexes: [["entry", "key"]],
      history: false,
    });
    const other = defineEntity("stageEntry", {
      plural: "stageEntries",
      fields: { key: text().indexed() },
      history: false,
    });
    const contributions = [from("core", [one, other])];
    const all = [...tableOf(contributions, "stage").indexNames, ...tableOf(contributions, "stageEntry").indexNames];
    expect(all).toEqual(["stage__entry__key__idx", "stage__entry_key__idx", "stage_entry__key__idx"]);
  });

  it("have names of at most 63 characters, which differ where the long ones do", () => {
    const long = "anAttributeWithAVeryLongNameIndeedYes";
    const fields = { [long]: text(), [`${long}A`]: text().indexed(), [`${long}B`]: text().indexed() };
    const made = names(fields, {
      indexes: [
        [long, `${long}A`],
        [long, `${long}B`],
      ],
    });
    expect(made).toHaveLength(4);
    expect(new Set(made).size).toBe(4);
    expect(made.every((name) => name.length <= 63)).toBe(true);
  });
});

describe("indexes that plugins add", () => {
  const own = defineEntity("visit", { plural: "visits", fields: { place: text(), day: date() }, indexes: [["place"]] });
  const rating = (indexes: NonNullable<Contribution["indexes"]>): Contribution => ({
    ...{ plugin: "ratings", entities: [], indexes },
    extend: { visit: { stars: integer().optional() } },
  });

  it("stand beside the entity's own, over its fields and those of extensions", () => {
    const { table } = resolveSchema([from("core", [own]), rating({ visit: [["day", "stars"]] })]).entities.get(
      "visit",
    )!;
    expect(table.indexes.map(({ columns }) => columns)).toEqual([
      ["tenant_id", "place", "id"],
      ["tenant_id", "day", "ratings_stars", "id"],
      ["tenant_id", "updated_at", "id"],
    ]);
  });

  it("replace those that are their beginning", () => {
    const { table } = resolveSchema([from("core", [own]), rating({ visit: [["place", "day"]] })]).entities.get(
      "visit",
    )!;
    expect(table.indexes.map(({ columns }) => columns.join(" "))).not.toContain("tenant_id place id");
  });

  it("are refused for an entity and for a field that is not there", () => {
    expect(refusal(from("core", [own]), rating({ visits: [["day"]] })).message).toBe(
      'Plugin "ratings" has an index of "visits", but there is no such entity.',
    );
    expect(refusal(from("core", [own]), rating({ visit: [["score"]] })).message).toBe(
      'An index of visit names the field "score", which does not exist.',
    );
  });
});

describe("history", () => {
  const visit = defineEntity("visit", {
    plural: "visits",
    fields: { accountId: reference("account"), tier: oneOf("gold", "iron"), cost: money().optional() },
    asOfIndexes: [["tier", "cost"]],
  });
  const { table, history } = resolveSchema([from("core", [account, visit])]).entities.get("visit")!;

  it("is a table of the same columns and two more, without lists of values, references and rules", () => {
    expect(table.history).toBe("visit__history");
    expect(history).toMatchObject({
      name: "visit__history",
      entity: "visit",
      primaryKey: ["tenant_id", "id", "version"],
      foreignKeys: [],
    });
    expect(history!.history).toBe(undefined);
    const names = table.columns.map((column) => column.name);
    expect(history!.columns.map((column) => column.name)).toEqual([...names, "ended_at", "ended_by"]);
    expect(history!.columns.find((column) => column.name === "tier")).toEqual({
      name: "tier",
      kind: "text",
      meaning: "text",
      nullable: false,
      field: "tier",
    });
  });

  it("has an index on time in both tables, and the indexes for lists of the past", () => {
    const columns = (indexes: typeof table.indexes) => indexes.map((index) => index.columns.join());
    expect(columns(table.indexes)).toEqual([
      "tenant_id,updated_at,tier,cost_currency,cost,id",
      "tenant_id,tier,cost_currency,cost,id,updated_at",
      "tenant_id,account_id,id",
    ]);
    expect(columns(history!.indexes)).toEqual([
      "tenant_id,ended_at,updated_at,tier,cost_currency,cost,id",
      "tenant_id,updated_at,ended_at,tier,cost_currency,cost,id",
      "tenant_id,tier,cost_currency,cost,id,updated_at,ended_at",
    ]);
  });

  it("is not kept by an entity that opts out", () => {
    const opted = defineEntity("visit", { plural: "visits", fields: {}, history: false });
    const { entities } = resolveSchema([from("app", [opted])]);
    expect(entities.get("visit")!.history).toBe(undefined);
    expect(entities.get("visit")!.table.history).toBe(undefined);
    expect(entities.get("visit")!.table.indexes).toEqual([]);
  });
});

describe("relations", () => {
  it("are named by the field without its Id, and by the inverse", () => {
    const visit = defineEntity("visit", {
      plural: "visits",
      fields: { accountId: reference("account", { inverse: "visits", onDelete: "cascade" }) },
    });
    const { entities } = resolveSchema([from("core", [account, visit])]);
    expect(entities.get("visit")!.relations.get("account")).toEqual({
      name: "account",
      cardinality: "one",
      target: "account",
      local: "account_id",
      foreign: "id",
    });
    expect(entities.get("account")!.relations.get("visits")).toEqual({
      name: "visits",
      cardinality: "many",
      target: "visit",
      local: "id",
      foreign: "account_id",
    });
    expect(entities.get("account")!.referencedBy).toMatchObject([{ entity: "visit", onDelete: "cascade" }]);
  });

  it("of a tree are references to the entity itself", () => {
    const node = defineEntity("node", {
      plural: "nodes",
      fields: { parentId: reference("node", { tree: true }).optional(), otherId: reference("node").optional() },
    });
    expect(
      resolveSchema([from("app", [node])])
        .entities.get("node")!
        .trees.map((field) => field.name),
    ).toEqual(["parentId"]);
  });
});

describe("what callers may give", () => {
  const visit = defineEntity("visit", {
    plural: "visits",
    fields: {
      day: date(),
      report: text().optional(),
      score: integer().default(0),
      code: text().optional().written("once"),
      total: integer().optional().written("operations"),
    },
  });
  const { newRecord, change } = resolveSchema([from("visits", [visit])]).entities.get("visit")!;
  const accepts = (schemas: typeof newRecord, plugin: string | undefined, input: unknown) =>
    schemas.for(plugin).safeParse(input).success;

  it("is at creation all but what operations write, with what is required", () => {
    expect(accepts(newRecord, undefined, { day: "2026-01-01" })).toBe(true);
    expect(accepts(newRecord, undefined, { day: "2026-01-01", report: null, score: 1, code: "x" })).toBe(true);
    expect(accepts(newRecord, undefined, {})).toBe(false);
    expect(accepts(newRecord, undefined, { day: null })).toBe(false);
    expect(accepts(newRecord, undefined, { day: "2026-01-01", score: null })).toBe(false);
    expect(accepts(newRecord, undefined, { day: "2026-01-01", total: 1 })).toBe(false);
    expect(accepts(newRecord, undefined, { day: "2026-01-01", version: 1 })).toBe(false);
    expect(accepts(newRecord, undefined, { day: "2026-01-01", nothing: 1 })).toBe(false);
  });

  it("is later whatever anyone may write, none of it required", () => {
    expect(accepts(change, undefined, {})).toBe(true);
    expect(accepts(change, undefined, { report: null })).toBe(true);
    expect(accepts(change, undefined, { day: null })).toBe(false);
    expect(accepts(change, undefined, { code: "x" })).toBe(false);
    expect(accepts(change, undefined, { id: "019b7ca9-8f2e-7000-8000-000000000000" })).toBe(false);
  });

  it("includes for the declaring plugin what only its operations write, and for no other", () => {
    expect(accepts(change, "visits", { total: 1, code: "y" })).toBe(true);
    expect(accepts(change, "other", { total: 1 })).toBe(false);
    expect(accepts(change, "visits", { updatedAt: new Date() })).toBe(false);
  });
});

describe("pairs that refer to any entity", () => {
  const pin = (rules: object = {}) =>
    defineEntity("pin", { plural: "pins", fields: halves, polymorphic: [pinning("kind", "target")], ...rules });

  it("are known to every entity but the kernel's own", () => {
    const kernel = defineEntity("proof", { plural: "proofs", fields: {} });
    const { entities } = resolveSchema([from("kernel", [kernel]), from("core", [account, user]), from("app", [pin()])]);
    const known = [...entities.values()].map(({ name, referencedBy }) => [name, referencedBy.length]);
    expect(known).toEqual([
      ["proof", 0],
      ["account", 1],
      ["user", 1],
      ["pin", 1],
    ]);
    expect(entities.get("user")!.referencedBy).toMatchObject([
      { entity: "pin", target: "user", field: { name: "target" }, type: { name: "kind" }, onDelete: "cascade" },
    ]);
  });

  it("have an index, where no other one begins with them", () => {
    expect(tableOf([from("app", [pin()])], "pin").indexNames).toContain("pin__kind__target__idx");
    for (const rule of [
      ["kind", "target"],
      ["kind", "target", "note"],
    ]) {
      const ruled = pin({ fields: { ...halves, note: text() }, unique: [rule] });
      const { indexNames } = tableOf([from("app", [ruled])], "pin");
      expect(indexNames).toEqual([`pin__${rule.join("__")}__key`, "pin__updated_at__id__idx"]);
    }
  });

  it("have none of their own where one is declared that begins with the id and holds the type", () => {
    const names = (...indexes: readonly string[][]) =>
      tableOf([from("app", [pin({ fields: { ...halves, note: text() }, indexes })])], "pin").indexNames;
    expect(names(["target", "note", "kind"])).toEqual(["pin__target__note__kind__idx", "pin__updated_at__id__idx"]);
    expect(names(["target", "note"], ["note", "target", "kind"])).toContain("pin__kind__target__idx");
  });
});

describe("what is refused as schema_invalid", () => {
  it.each<[string, Contribution, string]>([
    [
      "a name with an underscore",
      from("app", [defineEntity("a_b", { plural: "abs", fields: {} })]),
      '"a_b" of plugin "app" is no name for an entity',
    ],
    ["a plural in capitals", from("app", [defineEntity("ab", { plural: "Abs", fields: {} })]), '"Abs" of plugin "app"'],
    [
      "an entity's name of more than 40 letters",
      from("app", [defineEntity("a".repeat(41), { plural: "as", fields: {} })]),
      "at most 40",
    ],
    ["a field's name with a dash", withFields({ "a-b": text() }), "visit.a-b is no name for a field"],
    [
      "a field named like a method of every object",
      withFields({ constructor: text() } as never),
      "visit.constructor is no name for a field",
    ],
    ["a field named like a logical operator", withFields({ or: text() }), "visit.or is no name for a field"],
    [
      "a field named like the search of a filter",
      withFields({ search: text() }),
      "visit.search is no name for a field",
    ],
    ["a reference without Id", withFields({ owner: reference("visit") }), "visit.owner is a reference"],
    ["a reference to nothing", withFields({ ownerId: reference("nobody") }), 'visit.ownerId refers to "nobody"'],
    [
      "an inverse named like a logical operator",
      withFields({ aId: reference("visit", { inverse: "not" }) }),
      "visit.not is no name for a relation",
    ],
    [
      "an inverse in capitals",
      withFields({ aId: reference("visit", { inverse: "Others" }) }),
      "visit.Others is no name for a relation",
    ],
    ["an extension of nothing", from("app", [], { nobody: {} }), 'extends "nobody"'],
    [
      "a detaching reference that is required",
      withFields({ otherId: reference("visit", { onDelete: "detach" }) }),
      "visit.otherId detaches",
    ],
    [
      "a default that the field refuses",
      withFields({ count: integer({ min: 1 }).default(0) }),
      "visit.count has a default that it does not accept itself: it must be at least 1.",
    ],
    [
      "a default of too many decimals",
      withFields({ cost: money().default({ amount: "0.001", currency: "EUR" }) }),
      "visit.cost has a default",
    ],
    [
      "a field that takes the tenant's column",
      withFields({ tenantId: text() }),
      "visit.tenantId and visit.tenantId would share the column tenant_id",
    ],
    [
      "a field that takes the column of a currency",
      withFields({ cost: money(), costCurrency: text() }),
      "share the column cost_currency",
    ],
    [
      "a field that takes the column of a shadow",
      withFields({ name: text({ fold: true }), nameFolded: text() }),
      "share the column name_folded",
    ],
    [
      "an index over a field that does not exist",
      from("app", [defineEntity("visit", { plural: "visits", fields: {}, indexes: [["day" as never]] })]),
      'names the field "day"',
    ],
    [
      "a pair of a field that does not exist",
      pinned(halves, [pinning("kind", "goal")]),
      'pin: the polymorphic reference names the field "goal"',
    ],
    ["a pair of a base field", pinned(halves, [pinning("kind", "id")]), 'names the field "id"'],
    ["a pair of one field", pinned(halves, [pinning("kind", "kind")]), 'needs two fields, and names "kind" twice'],
    [
      "a pair of a number",
      pinned({ ...halves, n: integer() }, [pinning("kind", "n")]),
      'names "n", which must be a text()',
    ],
    [
      "a pair of folded text",
      pinned({ ...halves, n: text({ fold: true }) }, [pinning("kind", "n")]),
      'names "n", which must be a text() without fold',
    ],
    [
      "a pair that detaches and is required",
      pinned(halves, [pinning("kind", "target", "detach")]),
      'so "kind" must be optional()',
    ],
    [
      "two pairs with a field in common",
      pinned({ ...halves, other: text() }, [pinning("kind", "target"), pinning("kind", "other")]),
      'names "kind", which is part of another one',
    ],
    ["a pair with another rule", pinned(halves, [pinning("kind", "target", "ignore")]), 'needs onDelete: "cascade"'],
    [
      "a pair with another rule for merges",
      pinned(halves, [{ ...pinning("kind", "target"), onMerge: "keep" as never }]),
      'needs onMerge: "move" or "drop"',
    ],
  ])("%s", (_, contribution, message) => {
    const refused = refusal(contribution);
    expect(refused.code).toBe("schema_invalid");
    expect(refused.message).toContain(message);
  });

  it("an extension that existing records could not have", () => {
    expect(refusal(from("core", [account]), from("a", [], { account: { tier: text() } }))).toEqual({
      code: "schema_invalid",
      message: "account.tier must be optional() or have a default(): records exist already.",
    });
  });

  it("extensions of two plugins whose columns would be one", () => {
    const refused = refusal(
      from("core", [account]),
      from("sales", [], { account: { teamName: text().optional() } }),
      from("salesTeam", [], { account: { name2: text().optional(), nameX: text().optional() } }),
      from("salesTeamName", [], { account: { x: text().optional() } }),
    );
    expect(refused.code).toBe("schema_invalid");
    expect(refused.message).toContain("sales_team_name_x");
  });
});

describe("what is refused as plugin_conflict", () => {
  it("names both plugins", () => {
    const error = (() => {
      try {
        return resolveSchema([
          from("core", [account]),
          from("b", [defineEntity("account", { plural: "others", fields: {} })]),
        ]);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toMatchObject({ code: "plugin_conflict", details: { plugins: ["core", "b"] } });
  });

  it.each<[string, readonly Contribution[], string]>([
    [
      "one name for two entities",
      [from("core", [account]), from("b", [defineEntity("account", { plural: "others", fields: {} })])],
      '"core" and "b" both declare the entity "account"',
    ],
    [
      "one plural for two entities",
      [from("core", [account]), from("b", [defineEntity("other", { plural: "accounts", fields: {} })])],
      '"core" and "b" both declare the entity "accounts"',
    ],
    ["a base field", [withFields({ version: integer() })], 'Plugin "app" and the kernel both declare visit.version'],
    [
      "a field that is there already",
      [from("core", [account]), from("b", [], { account: { name: text().optional() } })],
      'Plugin "b" and plugin "core" both declare account.name',
    ],
    [
      "a relation named like a field",
      [withFields({ otherId: reference("visit"), other: text() })],
      'Plugin "app" adds the relation visit.other, a name that plugin "app" has given already',
    ],
    [
      "an inverse named like a field",
      [
        from("core", [account]),
        from("b", [
          defineEntity("visit", { plural: "visits", fields: { accountId: reference("account", { inverse: "name" }) } }),
        ]),
      ],
      'Plugin "b" adds the relation account.name, a name that plugin "core" has given already',
    ],
    [
      "two inverses of one name",
      [withFields({ aId: reference("visit", { inverse: "others" }), bId: reference("visit", { inverse: "others" }) })],
      'Plugin "app" adds the relation visit.others',
    ],
  ])("%s", (_, contributions, message) => {
    const refused = refusal(...contributions);
    expect(refused.code).toBe("plugin_conflict");
    expect(refused.message).toContain(message);
  });
});

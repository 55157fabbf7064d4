import { expect, it } from "vitest";
import { onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";
import { officeHolderType } from "../type/standard-types.ts";
import type { ImportReport } from "./import-report.ts";

/** "2 mirror of 0". */
const told = ({ findings }: ImportReport) =>
  findings.map(
    ({ row, problem, code, of }) =>
      `${row} ${problem}${code === problem ? "" : ` ${code}`}${of === undefined ? "" : ` of ${of}`}`,
  );

const people = { from: { entity: "contact" }, to: { entity: "contact" } } as const;
const jobs = { from: { entity: "contact" }, to: { entity: "account" } } as const;

onEveryStorage((open) => {
  it("imports CSV by columns, external ids and the words of types, with days as they are meant", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Acme Ltd");
    await crm.externalIds.createMany([
      { source: "hr", entityType: "contact", key: "7", recordId: thing.Anna!.id },
      { source: "hr", entityType: "contact", key: "8", recordId: thing.Ben!.id },
    ]);
    const csv = `Nr;Person;Company;Job;From;Until;Position
r1;7;${thing.Acme!.id};Former employee;3/2010;;"Head; sales"
r2; 8 ;${thing.Acme!.id};Employee since 2014-05-03;;c. 2019;Clerk

`;
    const columns = {
      ...{ key: "Nr", from: "Person", to: "Company", role: "Job", validFrom: "From", validUntil: "Until" },
      attributes: { position: "Position" },
    };
    const options = { columns, ...jobs, from: { entity: "contact", by: { source: "hr" } }, source: "HR" } as const;
    const dry = await crm.relationships.importRelationships({ csv, delimiter: ";" }, { ...options, dryRun: true });
    expect(await crm.relationships.count()).toBe(0);
    const report = await crm.relationships.importRelationships({ csv, delimiter: ";" }, options);
    expect(report).toMatchObject({ rows: 2, created: 2, leftOut: 0, findings: [] });
    expect({ ...dry, isDryRun: false }).toEqual(report);
    expect(await stored()).toEqual([
      "employment Anna>Acme 2010-03-01..2026-06-14",
      "employment Ben>Acme 2014-05-03..2019-12-31",
    ]);
    const anna = await crm.relationships.find({ where: { key: "HR:r1" } });
    expect(anna).toMatchObject({
      ...{ validFromIs: "about", validUntilIs: "at_latest", basis: "imported", source: "HR", notes: null },
      attributes: { position: "Head; sales" },
    });
    const again = await crm.relationships.importRelationships({ csv, delimiter: ";" }, options);
    expect(again).toMatchObject({ created: 0, unchanged: 2, findings: [] });
  });

  it("tells of each row that cannot be, and imports the others", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Cleo, Dan, Acme Ltd");
    const row = (from: string, role: string | undefined, ...[to, more]: readonly [string, object?]) => ({
      ...{ from: thing[from]?.id ?? from, role, to: thing[to]?.id ?? to },
      ...more,
    });
    const rows = [
      row("Anna", "Mother", "Ben"),
      row("Ben", "Son", "Anna"),
      row("Anna", "Mother", "Ben"),
      row("Anna", undefined, "Ben"),
      row("Anna", "Godmother", "Ben"),
      row("Anna", "Mother", "Zoe"),
      row("", "Mother", "Ben"),
      row("Anna", "Spouse", "Anna"),
      row("Anna", "Spouse", "Cleo", { validFrom: "2020-02-30" }),
      row("Anna", "Spouse", "Cleo", { validFrom: "03/04/2020" }),
      row("Anna", "Spouse", "Cleo", { validFrom: "2020-01-01", validUntil: "2019-01-01" }),
      row("Anna", "Former spouse since 2030", "Cleo"),
      row("Anna", "Spouse", "Cleo", { strength: "80 %" }),
      row("Anna", "Spouse", "Cleo", { type: "marriage" }),
      row("Anna", "Employee", "Acme", { toEntity: "account" }),
      row("Anna", "Spouse", "Cleo", { validFrom: "2010" }),
      row("Dan", "Spouse", "Anna", { validFrom: "2012" }),
      row("Dan", "Child", "Ben", { attributes: { share: "1" } }),
      row("Cleo", "Parent", "Ben"),
      row("Dan", "Parent", "Ben"),
    ];
    const progress: number[] = [];
    const options = {
      ...people,
      unitSize: 3,
      onProgress: ({ done }: { readonly done: number }) => void progress.push(done),
    };
    const report = await crm.relationships.importRelationships(rows, options);
    expect(told(report)).toEqual([
      ...["1 mirror of 0", "2 double of 0", "3 no_role", "4 unmapped_role", "5 unknown_thing", "6 invalid"],
      ...["7 refused self_relationship", "8 bad_days", "9 bad_days", "10 bad_days", "11 bad_days", "12 invalid"],
      ...["13 unknown_type", "16 refused too_many_relationships", "17 refused unknown_field"],
      "19 refused too_many_relationships",
    ]);
    expect(report).toMatchObject({
      rows: 20,
      created: 4,
      leftOut: 16,
      mirrors: 1,
      doubles: 1,
      unmapped: [{ role: "Godmother", count: 1 }],
    });
    expect(
      report.findings.map(({ field, message }) => `${field} ${message}`.trim().replace(/[0-9a-f-]{36}/g, "…")),
    ).toEqual([
      "says the same from the other side as row 0",
      "says the same as row 0",
      "role says no role and no type: name its column, give the option type, or choose a fallback type for no_role",
      'role no rule and no type knows "Godmother": give a rule, define a type with this role, or choose a fallback type',
      'to "Zoe" is no live contact: bring it in first, or correct the row',
      "from is empty: name the thing at this end",
      'toId is the same contact as at the other end, and "spouse" is between two: choose another thing, or let the type mayRelateToSelf',
      'validFrom "2020-02-30" is no day that can be read for sure: write it as YYYY-MM-DD',
      'validFrom "03/04/2020" is no day that can be read for sure: write it as YYYY-MM-DD, or say dateOrder',
      "validUntil is 2019-01-01, before the first day, 2020-01-01: correct one of the two",
      "role is told to be former, on 2026-06-15, and begins later: correct one of the two, or statedOn",
      'strength "80 %" is no number from 0 to 1 with at most four decimals',
      'type there is no type "marriage": make it with relationships.defineTypes, or use another one',
      'fromId contact … would have 2 relationships "spouse" at its spouse end on 2012-01-01, and 1 is the most: end or correct one of … first.',
      "attributes.share is not an attribute here: there are none",
      'toId contact … would have 3 relationships "parent" at its child end on every day until one ends, and 2 is the most: end or correct one of …, … first.',
    ]);
    expect(progress).toEqual([15, 18, 20]);
    expect(await stored()).toEqual([
      ...["employment Anna>Acme", "parent Anna>Ben", "parent Cleo>Ben", "spouse Anna>Cleo 2010-01-01.."],
    ]);
    const again = await crm.relationships.importRelationships(rows, options);
    expect(again).toMatchObject({ created: 0, unchanged: 4 });
    expect(told(again)).toEqual(told(report));
  });

  it("imports nothing where something is found that is to be rejected, whenever it is found", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Ben, Cleo");
    const rows = [
      { from: thing.Anna, to: thing.Ben, role: "spouse" },
      { from: thing.Anna, to: thing.Cleo, role: "spouse" },
      { from: thing.Anna, to: thing.Cleo, role: "pal" },
    ];
    for (const problem of ["refused", "unmapped_role", "otherwise"] as const) {
      const error = await refusal(
        crm.relationships.importRelationships(rows, { unitSize: 1, choices: { [problem]: "reject" } }),
      );
      expect(error).toMatchObject({ code: "relationship_import_rejected", details: { count: 1 } });
      expect(error.message).toMatch(/Nothing was imported.*row [12], from "contact .*rule|row 1/);
      expect(await crm.relationships.count()).toBe(0);
    }
    const dry = await crm.relationships.importRelationships(rows, { dryRun: true, choices: { otherwise: "reject" } });
    expect(told(dry)).toEqual(["1 refused too_many_relationships", "2 unmapped_role"]);
  });

  it("takes what no rule knows as a fallback type with its text, and what somebody changed or retracted as it is now", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Ben, Cleo");
    await crm.relationships.defineTypes([
      {
        ...{ key: "other", name: "related to", shape: "symmetric", fromRole: "relation", mayOverlap: true },
        attributes: [{ key: "role", kind: "text" }],
      },
    ]);
    const row = (from: string, to: string, more: object) => ({ from: thing[from], to: thing[to], ...more });
    const rows = [
      row("Anna", "Ben", { role: "Acting godmother since 2001", notes: "a note", key: "1" }),
      row("Anna", "Ben", { key: "2", validFrom: "1999" }),
      row("Ben", "Cleo", { role: "Boss (former)", key: "3", strength: 0.5 }),
      row("Cleo", "Anna", { role: "Acting employee", validFrom: "2020" }),
    ];
    const options = {
      choices: { unmapped_role: { type: "other", attribute: "role" }, no_role: { type: "other" } },
      rules: [{ role: /^(boss|employee)$/i, type: "acquaintance" }],
    } as const;
    const report = await crm.relationships.importRelationships(rows, options);
    expect(report).toMatchObject({ created: 4, fallen: 2 });
    expect(told(report)).toEqual(["0 unmapped_role", "1 no_role"]);
    const { items } = await crm.relationships.list({ orderBy: [{ key: "asc" }] });
    expect(items.map(({ notes, attributes, validFrom }) => [notes, attributes, validFrom])).toEqual([
      ["a note", { role: "Acting godmother since 2001" }, "2001-01-01"],
      [null, {}, "1999-01-01"],
      ["Boss (former)", {}, null],
      ["Acting employee", {}, "2020-01-01"],
    ]);
    expect(told(await crm.relationships.importRelationships(rows, options))).toEqual(told(report));

    const changed = rows.map((each, at) => (at === 0 ? { ...each, strength: "0.50" } : each));
    const third = await crm.relationships.importRelationships(changed, options);
    expect(third).toMatchObject({ created: 0, unchanged: 3 });
    expect(third.findings.map(({ row: at, problem, field }) => `${at} ${problem} ${field}`)).toEqual([
      ...["0 unmapped_role role", "0 differs strength", "1 no_role role"],
    ]);
    expect(third.findings[1]!.message).toBe(
      `is there already as ${items[0]!.id}, and differs in strength: correct it by relationships.correct, or leave it as it is`,
    );
  });

  it("does not bring back what somebody retracted, nor change what somebody corrected", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Cleo, Acme Ltd");
    const rows = [
      { from: thing.Anna, to: thing.Ben, role: "spouse", validFrom: "2001" },
      { from: thing.Anna, to: thing.Acme, role: "employee", key: "a", validFrom: "2001" },
      { from: thing.Cleo, to: thing.Acme, role: "employee", key: "c" },
    ];
    await crm.relationships.importRelationships(rows, { source: "hr" });
    for await (const { id, key } of crm.relationships.iterate()) {
      if (key === null) await crm.relationships.retract(id);
      else if (key === "hr:a") await crm.relationships.correct(id, { validFrom: "2002-01-01" });
      else await crm.relationships.end(id, { on: "2020-12-31" });
    }
    const before = await stored();
    const again = await crm.relationships.importRelationships(rows, { source: "hr" });
    expect(again).toMatchObject({ created: 0, unchanged: 0 });
    expect(told(again)).toEqual(["0 retracted", "1 differs", "2 differs"]);
    expect(await stored()).toEqual(before);
    const rejected = crm.relationships.importRelationships(rows, { source: "hr", choices: { differs: "reject" } });
    expect(await refusal(rejected)).toMatchObject({ code: "relationship_import_rejected" });
  });

  it("makes offices of roles at an account, and refuses a second holder of one with a single holder", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Acme Ltd");
    await crm.relationships.defineTypes([officeHolderType]);
    const row = (from: string, role: string) => ({ from: thing[from], to: thing.Acme, role });
    const rows = [
      row("Anna", "Chair (2001–2004)"),
      row("Ben", "Chair since 2004"),
      row("Ben", "Acting chair of the jury"),
      row("Anna", "Member of the jury since 2010"),
      row("Ben", "Member of the jury since 2010"),
    ];
    const rules = [
      { role: /^chair/i, type: "office_holder", office: { isSingleHolder: true } },
      { role: /./, type: "office_holder", office: true },
    ] as const;
    const dry = await crm.relationships.importRelationships(rows, { rules, dryRun: true });
    expect([await crm.offices.count(), await crm.relationships.count()]).toEqual([0, 0]);
    const report = await crm.relationships.importRelationships(rows, { rules });
    expect(told(report)).toEqual(["1 refused office_held_twice"]);
    expect(told(dry)).toEqual(told(report));
    const offices = (await crm.offices.list({ orderBy: [{ title: "asc" }] })).items;
    expect(offices.map(({ title, isSingleHolder }) => `${title} ${isSingleHolder}`)).toEqual([
      ...["Chair true", "Member of the jury false", "chair of the jury true"],
    ]);
    expect(await stored()).toEqual([
      "office_holder Anna>Acme 2001-01-01..2004-12-31",
      ...["office_holder Anna>Acme 2010-01-01..", "office_holder Ben>Acme", "office_holder Ben>Acme 2010-01-01.."],
    ]);
    expect(await crm.relationships.importRelationships(rows, { rules })).toMatchObject({ created: 0, unchanged: 4 });
  });

  it("adds nothing twice when the same rows are imported side by side", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Ben, Cleo, Acme Ltd");
    const rows = ["Anna", "Ben", "Cleo"].map((name) => ({
      ...{ from: thing[name], to: thing.Acme, type: "ownership", attributes: { share: "10" } },
    }));
    const reports = await Promise.all(
      Array.from({ length: 8 }, () => crm.relationships.importRelationships(rows, { unitSize: 1 })),
    );
    expect(reports.reduce((sum, { created }) => sum + created, 0)).toBe(3);
    expect(reports.every(({ findings }) => findings.length === 0)).toBe(true);
    expect(await crm.relationships.count()).toBe(3);
  });

  it("makes one of two rows where each relationship is told from both sides", async () => {
    const crm = await open();
    const { thing, stored } = await thingsOf(crm, "Anna, Ben, Cleo");
    const row = (from: string, role: string, to: string) => ({ from: thing[from], role, to: thing[to] });
    const rows = [
      row("Anna", "Child", "Ben"),
      row("Anna", "Chess friend", "Ben"),
      row("Ben", "Chess friend", "Anna"),
      row("Ben", "Parent", "Anna"),
      row("Ben", "Teacher", "Cleo"),
      row("Cleo", "Pupil", "Ben"),
      row("Anna", "Boss", "Cleo"),
    ];
    const twice = await crm.relationships.importRelationships(rows, {
      isToldTwice: true,
      rules: [{ equalRoles: true, type: "acquaintance" }],
    });
    expect(told(twice)).toEqual([
      "2 mirror of 1",
      "3 mirror of 0",
      "4 unmapped_role",
      "5 mirror of 4",
      "6 unmapped_role",
    ]);
    expect(twice.unmapped).toEqual([
      { role: "Teacher", inverseRole: "Pupil", count: 1 },
      { role: "Boss", count: 1 },
    ]);
    expect(await stored()).toEqual(["acquaintance Anna>Ben", "parent Ben>Anna"]);
  });

  it("refuses options and sources that cannot be, and stores nothing", async () => {
    const crm = await open();
    const refused = async (...call: Parameters<typeof crm.relationships.importRelationships>) => {
      const { code, message } = await refusal(crm.relationships.importRelationships(...call));
      return `${code}: ${message}`;
    };
    expect(await refused({ csv: 'from,to\n"a,b' })).toMatch("csv is broken in the row that begins on line 2: ");
    expect(await refused({ csv: "from,from\n" })).toMatch('csv has the column "from" twice');
    expect(await refused({ csv: "" })).toMatch("csv is empty");
    expect(await refused({ json: "{" })).toMatch("invalid_input: relationshipImport.json is no JSON");
    expect(await refused({ json: "7" })).toMatch("json must be a list of rows");
    expect(await refused([[]] as never)).toMatch("row 0 is not");
    expect(await refused("x" as never)).toMatch(
      "must be rows (a list or an iteration of them), { rows }, { csv } or { json }",
    );
    expect(await refused([], { rules: [{ type: "spouse" }] })).toMatch("rules.0 needs a role");
    expect(await refused([], { rules: [{ role: "x", type: "boss" }] })).toMatch("unknown_relationship_type");
    expect(await refused([], { choices: { mirror: "keep" as never } })).toMatch("choices.mirror must be one of");
    expect(await refused([], { statedOn: "2020-02-30" })).toMatch("statedOn is not a day that exists");
    expect(await crm.relationships.count()).toBe(0);
  });
});

/** Databases and migrations that do not fit each other: refused by name, and nothing is changed. */
import { type CrmOptions, createCrm, runMigrations } from "@relata/core";
import { convert, definePlugin, integer, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { dumpSchema } from "./dump.ts";
import { fillGear, gearOne, gearTwo } from "./gear.ts";

type Migrations = NonNullable<Parameters<typeof runMigrations>[0]["migrations"]>;

const first = { id: "1", rename: { fields: { account: { motto: "slogan" } } } };
const second = { id: "2", backfill: { account: { async run() {} } } };
const extend = { account: { slogan: text().optional() } };

async function applied(bench: CrmBench, migrations: Migrations): Promise<CrmOptions> {
  const options = await bench.options();
  await runMigrations({ ...options, extend, migrations });
  return options;
}

const run = async (options: CrmOptions, migrations: Migrations) =>
  failure(runMigrations({ ...options, extend, migrations }));

export const refusals: CrmSuite = {
  name: "a migration that cannot be",
  facts: [
    crmFact("is refused when it was edited after it was applied, in its data or its functions", async (bench) => {
      const options = await applied(bench, [first, second]);
      const edited = { id: "1", rename: { fields: { account: { motto: "saying" } } } };
      expect(await run(options, [edited, second])).toMatchObject({
        code: "migration_edited",
        details: { plugin: "app", migration: "1" },
      });
      const other = {
        id: "2",
        backfill: {
          account: {
            async run() {
              await Promise.resolve();
            },
          },
        },
      };
      expect(await run(options, [first, other])).toMatchObject({
        code: "migration_edited",
        details: { migration: "2" },
      });
      await runMigrations({ ...options, extend, migrations: [first, second] });
    }),
    crmFact("may have its functions rewritten while its version stays", async (bench) => {
      const options = await applied(bench, [{ ...second, version: 1 }]);
      const rewritten = {
        id: "2",
        version: 1,
        backfill: {
          account: {
            async run() {
              await Promise.resolve();
            },
          },
        },
      };
      await runMigrations({ ...options, extend, migrations: [rewritten] });
      expect(await run(options, [{ ...rewritten, version: 2 }])).toMatchObject({ code: "migration_edited" });
    }),
    crmFact("is refused when it was put before one that is applied", async (bench) => {
      const options = await applied(bench, [first]);
      expect(await run(options, [second, first])).toMatchObject({
        code: "migration_out_of_order",
        details: { plugin: "app", migration: "2", before: "1" },
      });
    }),
    crmFact("is refused when the database has one that the code does not know", async (bench) => {
      const options = await applied(bench, [first, second]);
      for (const migrate of ["auto", "verify"] as const)
        expect(await failure(createCrm({ ...options, extend, migrations: [first], migrate }))).toMatchObject({
          code: "schema_newer",
          message:
            'The database is newer than the code: it has the migration "2" of the application, which this version does not know. Upgrade the application.',
          details: { plugin: "app", migration: "2" },
        });
    }),
    crmFact("of a plugin is missed only while that plugin is installed", async (bench) => {
      const options = await bench.options();
      await runMigrations({ ...options, plugins: [gearTwo] });
      expect(await failure(createCrm({ ...options, plugins: [gearOne] }))).toMatchObject({
        code: "schema_newer",
        details: { plugin: "gear" },
      });
      const crm = await createCrm(options);
      expect(await crm.accounts.count()).toBe(0);
    }),
    crmFact("is refused when it has the id of another, or none that can be kept", async (bench) => {
      const options = await bench.options();
      expect(await run(options, [first, first])).toMatchObject({ code: "plugin_conflict" });
      expect(await run(options, [{ id: "" }])).toMatchObject({ code: "schema_invalid" });
    }),
    crmFact("is undone when a value cannot be converted, and names the record", async (bench) => {
      const options = await bench.options();
      await fillGear(options);
      const odd = await createCrm({ ...options, plugins: [gearOne] });
      await odd.tools.update("2", { size: "large" });
      await odd.close();
      const before = await dumpSchema(options);
      expect(await failure(createCrm({ ...options, plugins: [gearTwo] }))).toMatchObject({
        code: "migration_failed",
        message: 'device "2" cannot be converted: "large" became a size that must not be NaN. Nothing was changed.',
        details: { entity: "device", field: "size", id: "2" },
      });
      expect(await dumpSchema(options)).toEqual(before);
    }),
    crmFact("is undone when a function that converts throws, and names the record", async (bench) => {
      const options = await bench.options();
      const plain = await createCrm({ ...options, extend: { account: { size: text().optional() } } });
      const { id } = await plain.accounts.create({ name: "A", size: "large" });
      await plain.close();
      const before = await dumpSchema(options);
      const throwing = convert(text().optional(), integer().optional(), () => {
        throw new Error("no number");
      });
      const error = await failure(
        createCrm({
          ...options,
          extend: { account: { size: integer().optional() } },
          migrations: [{ id: "1", change: { account: { size: throwing } } }],
        }),
      );
      expect(error).toMatchObject({
        code: "migration_failed",
        message: `account "${id}" cannot be converted: the function for size has thrown: no number. Nothing was changed.`,
        details: { entity: "account", field: "size", id },
      });
      expect(await dumpSchema(options)).toEqual(before);
    }),
    crmFact("is refused when it drops what is declared", async (bench) => {
      const options = await applied(bench, []);
      expect(await run(options, [{ id: "1", drop: { fields: { account: ["slogan"] } } }])).toMatchObject({
        code: "migration_failed",
        details: { plugin: "app", migration: "1" },
      });
      expect(await run(options, [{ id: "1", drop: { entities: ["account"] } }])).toMatchObject({
        code: "migration_failed",
      });
    }),
    crmFact("is refused when both names of what it renames are taken", async (bench) => {
      const options = await bench.options();
      const both = { account: { motto: text().optional(), slogan: text().optional() } };
      await runMigrations({ ...options, extend: both });
      expect(await run(options, [first])).toMatchObject({ code: "migration_failed" });
    }),
    crmFact("keeps the batches before one that throws, and goes on after them", async (bench) => {
      const options = await bench.options();
      const crm = await createCrm({ ...options, extend });
      for (const name of ["a", "b", "c", "d"]) await crm.accounts.create({ name });
      await crm.close();
      let isBroken = true;
      const seen: string[] = [];
      const fill = definePlugin({
        id: "fill",
        migrations: [
          {
            id: "1",
            backfill: {
              account: {
                batch: 1,
                async run(context, records) {
                  const [account] = records;
                  if (isBroken && account!.name === "c") throw new Error("no c");
                  seen.push(account!.name);
                  await context.accounts.update(account!.id, { name: `${account!.name}!` });
                },
              },
            },
          },
        ],
      });
      expect(await failure(createCrm({ ...options, extend, plugins: [fill] }))).toMatchObject({
        code: "migration_failed",
        details: { plugin: "fill", migration: "1" },
      });
      expect(await failure(createCrm({ ...options, extend, plugins: [fill], migrate: "verify" }))).toMatchObject({
        code: "schema_mismatch",
        details: { differences: ["the migration fill/1 is not applied"] },
      });
      isBroken = false;
      const again = await createCrm({ ...options, extend, plugins: [fill] });
      expect(seen).toEqual(["a", "b", "c", "d"]);
      expect((await again.accounts.list({ orderBy: [{ name: "asc" }] })).items.map(({ name }) => name)).toEqual([
        "a!",
        "b!",
        "c!",
        "d!",
      ]);
    }),
    crmFact("may drop an entity that nothing declares any more", async (bench) => {
      const options = await bench.options();
      await fillGear(options);
      const gone = definePlugin({ id: "gear", migrations: [{ id: "1", drop: { entities: ["tool"] } }] });
      const crm = await createCrm({ ...options, plugins: [gone] });
      expect(await crm.accounts.count()).toBe(1);
      await crm.close();
      expect((await dumpSchema(options)).filter((table) => table.startsWith('["tool"'))).toEqual([]);
    }),
    crmFact("is verified with everything that differs, and off does not look", async (bench) => {
      const options = await bench.options();
      const old = { account: { size: text().optional(), motto: text().optional().unique() } };
      await runMigrations({ ...options, extend: old });
      const now = { account: { size: integer().optional(), motto: text().optional(), colour: text().optional() } };
      const before = await dumpSchema(options);
      expect(await failure(createCrm({ ...options, extend: now, migrate: "verify" }))).toMatchObject({
        code: "schema_mismatch",
        details: {
          differences: [
            "account.size is text in the database, but declared as integer: change it back, declare a new field under another name, or write a migration that converts it",
            "the column colour of account is missing",
            "the index account__motto__key of account holds a rule that is not declared any more",
            "the column colour of account__history is missing",
          ],
        },
      });
      const off = await createCrm({ ...options, extend: now, migrate: "off" });
      await off.close();
      expect(await dumpSchema(options)).toEqual(before);
      const convertSize = {
        id: "1",
        change: {
          account: { size: convert(text().optional(), integer().optional(), (size) => (size ? Number(size) : null)) },
        },
      };
      const crm = await createCrm({ ...options, extend: now, migrations: [convertSize] });
      expect(await crm.accounts.create({ name: "A", size: 3 })).toMatchObject({ size: 3, colour: null });
    }),
  ],
};

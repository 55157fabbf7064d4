/** An upgrade whose connection is ended at some statement: run again, the database is as if nothing had happened. */
import { createCrm, runMigrations } from "@relata/core";
import { convert, defineEntity, definePlugin, integer, oneOf, reference, text } from "@relata/core/plugin";
import pg from "pg";
import { expect, inject, it, onTestFinished } from "vitest";
import { devices } from "./fixtures/device-versions.ts";
import { refusal } from "./fixtures/sessions.ts";
import { postgres } from "./postgres-adapter.ts";

/** So many interruptions, spread over all statements of an upgrade. */
const POINTS = 16;

const ids = "app" as const;

const part = defineEntity("part", {
  plural: "parts",
  ids,
  fields: {
    title: text().indexed(),
    size: text(),
    kind: oneOf("a", "b").default("a"),
    junk: text().optional().indexed(),
  },
});

const piece = defineEntity("piece", {
  plural: "pieces",
  ids,
  fields: {
    name: text().indexed(),
    size: integer(),
    withinId: reference("piece").optional(),
    kind: oneOf("a", "b", "c").default("a"),
    colour: oneOf("it's", "red").optional(),
    code: text().optional().unique(),
  },
});

const note = defineEntity("note", { plural: "notes", fields: { pieceId: reference("piece"), body: text() } });

const before = definePlugin({ id: "parts", entities: [part] });

const after = definePlugin({
  id: "parts",
  entities: [piece, note],
  migrations: [
    { id: "1", rename: { entities: { part: "piece" }, fields: { piece: { title: "name" } } } },
    { id: "2", change: { piece: { size: convert(text(), integer(), (size) => Number(size)) } } },
    {
      id: "3",
      backfill: {
        piece: {
          batch: 1,
          async run(context, records) {
            await context.pieces.updateMany(records.map(({ id, name }) => ({ id, code: `${name}${id}` })));
          },
        },
      },
      drop: { fields: { piece: ["junk"] } },
    },
  ],
});

/** The same in every run. */
const clock = () => Date.parse("2026-06-15T10:00:00Z");

const server = inject("databaseUrl");
const base = `relata_${process.pid}_interrupted`;

function urlOf(name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function ask(connectionString: string, text: string): Promise<readonly unknown[][]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

/** A database of the test's own, as another one is. */
async function copyOf(template: string, name: string): Promise<string> {
  await ask(server, `create database ${name} template ${template}`);
  onTestFinished(async () => void (await ask(server, `drop database ${name} with (force)`)));
  return urlOf(name);
}

async function fill(connectionString: string): Promise<void> {
  const storage = postgres({ connectionString });
  const crm = await createCrm({ clock, storage, plugins: [before, devices.plain] });
  await crm.parts.createMany(["1", "2", "3"].map((id) => ({ id, title: `T${id}`, size: id, junk: id })));
  await crm.devices.create({ name: "A", code: "A" });
  await crm.close();
}

/** On connections of which one is ended by the server before the n-th statement that is sent, where n is given. Returns their number. */
async function upgrade(connectionString: string, n?: number): Promise<number> {
  const pool = new pg.Pool({ connectionString, max: 3 });
  pool.on("error", () => undefined);
  let statements = 0;
  pool.on("connect", (client) => {
    const send = client.query.bind(client) as (statement: object) => Promise<unknown>;
    const query = async (statement: object) => {
      statements += 1;
      if (statements === n) {
        const { processID } = client as unknown as { readonly processID: number };
        await ask(server, `select pg_terminate_backend(${processID}, 5000)`);
      }
      return send(statement);
    };
    Object.assign(client, { query });
  });
  try {
    await runMigrations({ clock, storage: postgres({ pool }), plugins: [after, devices.unique] });
    return statements;
  } finally {
    await pool.end();
  }
}

const DEFINITIONS = `
  select 'column ' || attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' ||
    coalesce(col_description(attrelid, attnum), '')
  from pg_attribute join pg_class c on c.oid = attrelid where relnamespace = 'crm'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
  union all select 'rule ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'crm'::regnamespace
  union all select 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid
  from pg_index join pg_class c on c.oid = indexrelid where relnamespace = 'crm'::regnamespace
  order by 1`;

/** What was built ahead of a transaction that was lost is there, and in no list. */
const LEDGER = `select (to_jsonb(t) || jsonb_build_object('steps', t.steps::jsonb - 'create the index device__code__key of device'))::text
  from crm.relata__ledger t where migration <> 'automatic 000001' order by id`;

/** Every definition and every row, as text; ids of devices are random. */
async function contents(connectionString: string): Promise<readonly string[]> {
  const [definitions, pieces, histories, ledger, found] = await Promise.all([
    ask(connectionString, DEFINITIONS),
    ask(connectionString, "select to_jsonb(t)::text from crm.piece t order by id"),
    ask(connectionString, "select to_jsonb(t)::text from crm.piece__history t order by id, version"),
    ask(connectionString, LEDGER),
    ask(connectionString, "select code from crm.device"),
  ]);
  return [...definitions, ...pieces, ...histories, ...ledger, ...found].map(([line]) => String(line));
}

it("an upgrade is ended by the next one, as if its connection had not been lost, at whichever statement", async () => {
  await copyOf("template0", base);
  await fill(urlOf(base));
  const undisturbed = await copyOf(base, `${base}_0`);
  const statements = await upgrade(undisturbed);
  const expected = await contents(undisturbed);
  const rows = await ask(undisturbed, "select id, version, name, size, code from crm.piece order by id");
  expect(rows).toEqual([
    ["1", "2", "T1", "1", "T11"],
    ["2", "2", "T2", "2", "T22"],
    ["3", "2", "T3", "3", "T33"],
  ]);
  expect(expected.filter((line) => /^index.*device__code__key/.test(line))).toEqual([expect.stringMatching(/ true$/)]);

  for (let point = 0; point < POINTS; point++) {
    const database = await copyOf(base, `${base}_${point + 1}`);
    const at = 1 + Math.floor((point * (statements - 1)) / (POINTS - 1));
    expect(await refusal(upgrade(database, at)), `at ${at}`).toMatchObject({ retryable: expect.any(Boolean) });
    await upgrade(database);
    expect(await contents(database), `at ${at}`).toEqual(expected);
  }
}, 180_000);

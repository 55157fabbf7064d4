/** What the guide says of the rights that a role needs. */
import { createCrm } from "@relata/core";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { ownDatabase } from "./fixtures/own-database.ts";
import { postgres } from "./postgres-adapter.ts";

const database = ownDatabase();
const owner = `owner_${process.pid}`;
const user = `user_${process.pid}`;

async function administer(...statements: string[]): Promise<void> {
  const client = new pg.Client(database.url());
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

it("one role creates the schema and the tables, and another one only uses them", async () => {
  const { pathname } = new URL(database.url());
  await administer(
    `create role ${owner} login`,
    `create role ${user} login`,
    `grant create on database ${pathname.slice(1)} to ${owner}`,
  );
  onTestFinished(() => administer(`drop owned by ${owner}, ${user} cascade`, `drop role ${owner}, ${user}`));
  const migrated = await createCrm({ storage: postgres({ connectionString: database.url(owner) }) });
  await migrated.close();
  await administer(
    `grant usage on schema crm to ${user}`,
    `grant select, insert, update, delete on all tables in schema crm to ${user}`,
  );
  const crm = await createCrm({ storage: postgres({ connectionString: database.url(user) }), migrate: "verify" });
  onTestFinished(() => crm.close());
  const { id } = await crm.accounts.create({ name: "Acme" });
  await crm.transaction(async (tx) => {
    await tx.accounts.update(id, { name: "Acme Ltd" });
    await tx.contacts.create({ familyName: "A" });
  });
  await crm.accounts.delete(id);
  expect(await crm.accounts.find({ where: { id } })).toBeUndefined();
  expect((await crm.accounts.restore(id)).name).toBe("Acme Ltd");
});

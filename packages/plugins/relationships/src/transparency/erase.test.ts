/** Who is erased is nowhere: not in relationships, nor in what was said, stated and read of them. */
import { expect, it } from "vitest";
import { onEveryStorage, type TestedCrm, thingsOf } from "../relationships-fixture.ts";

const MARKER = "zanzibar";

const repositories = [
  ...(["contacts", "relationships", "relationshipActs", "relationshipEvidences"] as const),
  ...(["partyStatements", "partyReadings", "contactRestrictions", "emailAddresses"] as const),
];

/** All rows of all tables that this CRM has; of the memory, what its repositories and their histories have. */
async function dumpOf(crm: TestedCrm, storage: string) {
  if (storage === "memory") {
    return async () => {
      const rows: unknown[] = [];
      for (const name of repositories) {
        const repository = crm[name] as unknown as Dumped;
        for await (const record of repository.iterate({ archived: "include" }))
          rows.push(record, await repository.history(record.id));
      }
      return JSON.stringify(rows);
    };
  }
  const native = crm.native() as unknown as Native;
  const tables = storage === "SQLite" ? await native.introspection.getTables() : await tablesOfServer(native);
  const { id } = (await crm.contacts.list({ limit: 1 })).items[0]!;
  // The server has schemas of other tests too.
  const isOwn = async (schema: string | undefined) => {
    const rows = await native
      .selectFrom(schema === undefined ? "contact" : `${schema}.contact`)
      .selectAll()
      .execute();
    return rows.some((row) => row.id === id);
  };
  let own: readonly string[] = [];
  for (const { name, schema } of tables.filter((table) => table.name === "contact")) {
    if (!(await isOwn(schema).catch(() => false))) continue;
    own = tables.flatMap((each) => (each.schema === schema ? [schema ? `${schema}.${each.name}` : each.name] : []));
    expect(name).toBe("contact");
  }
  expect(own.length).toBeGreaterThan(50);
  return async () => {
    const rows: object[] = [];
    for (const table of own) rows.push(...(await native.selectFrom(table).selectAll().execute()));
    return JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? value.toString() : value));
  };
}

/** By one query: an introspection describes all columns of the schemas of all tests. */
async function tablesOfServer(native: Native) {
  const rows = await native.selectFrom("pg_catalog.pg_tables").selectAll().execute();
  return (rows as readonly Table[]).map(({ schemaname: schema, tablename: name }) => ({ schema, name }));
}

interface Table {
  readonly schemaname: string;
  readonly tablename: string;
}

interface Dumped {
  iterate(query: object): AsyncIterable<{ readonly id: string }>;
  history(id: string): Promise<unknown>;
}

interface Native {
  readonly introspection: { getTables(): Promise<readonly { readonly name: string; readonly schema?: string }[]> };
  selectFrom(table: string): { selectAll(): { execute(): Promise<readonly { readonly id?: unknown }[]> } };
}

onEveryStorage((open, storage) => {
  it("erasing a person leaves nothing of their relationships, acts, evidence, statements and readings, nor of their past", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, `Ann, Ben, Cleo, Acme Ltd, ${MARKER}, twin-of-${MARKER}`);
    const [person, twin] = [thing[MARKER]!, thing[`twin-of-${MARKER}`]!];
    const said = { source: MARKER, notes: MARKER, evidence: [{ note: MARKER, url: `https://example.com/${MARKER}` }] };
    const relate = (from: typeof person, to: typeof person, type = "acquaintance") =>
      crm.relationships.relate({ type, from, to, ...said });
    const [known, wrong, moved, kept] = [
      await relate(person, thing.Ann!),
      await relate(thing.Ben!, person),
      await relate(twin, thing.Cleo!),
      await crm.relationships.relate({ type: "acquaintance", from: thing.Ann!, to: thing.Ben! }),
    ];
    await crm.relationships.relate({
      type: "employment",
      from: person,
      to: thing.Acme!,
      attributes: { position: MARKER },
    });
    await relate(person, thing.Cleo!);
    await crm.relationships.correct(known.id, { notes: `${MARKER} corrected`, reason: MARKER });
    await crm.relationships.end(known.id, { on: "2026-01-01", reason: MARKER });
    await crm.relationships.retract(wrong.id, { reason: MARKER });
    await crm.relationships.recordStatement(person, {
      kind: "refusal",
      channel: "phone",
      words: MARKER,
      statedThrough: MARKER,
    });
    const about = { kind: "correction", relationshipId: moved.id, words: MARKER } as const;
    await crm.relationships.recordStatement(twin, about);
    await crm.relationships.recordReading(person, { purpose: MARKER, what: [MARKER], recipient: MARKER });
    await crm.contacts.update(person.id, { jobTitle: MARKER });
    await crm.contacts.merge(person.id, twin.id);
    const dump = await dumpOf(crm, storage);
    expect((await dump()).split(MARKER).length).toBeGreaterThan(25);
    await crm.contacts.erase(person.id);
    expect(await dump()).not.toContain(MARKER);
    expect((await crm.relationships.list()).items.map(({ id }) => id)).toEqual([kept.id]);
    expect(await crm.relationshipActs.count()).toBe(0);
    expect(await crm.partyStatements.count({ archived: "include" })).toBe(0);
    expect(await crm.partyReadings.count()).toBe(0);
  });
});

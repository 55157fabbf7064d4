/** Writes of every kind in no order: there is one primary row as soon as there is one, and the field says the same. */
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

/** The same numbers in every run (xorshift32): each from 0 up to `below`. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

async function rowsOf(crm: DomainCrm, contactId: string) {
  return (await crm.emailAddresses.list({ where: { contactId }, archived: "include", limit: 1_000 })).items;
}

async function check(crm: DomainCrm, contactId: string, step: string): Promise<void> {
  const rows = await rowsOf(crm, contactId);
  const primary = rows.filter(({ isPrimary }) => isPrimary);
  const usable = rows.filter(({ archivedAt }) => archivedAt === null);
  expect(primary.length, step).toBe(usable.length > 0 ? 1 : 0);
  expect(primary[0]?.archivedAt ?? null, step).toBeNull();
  expect((await crm.contacts.get(contactId)).email, step).toBe(primary[0]?.address ?? null);
}

async function play(bench: CrmBench, seed: number): Promise<void> {
  const crm = await openDomain(bench);
  const roll = dice(seed);
  const people = (await crm.contacts.createMany([{}, { email: "a0@x.test" }])).map(({ id }) => id);
  const deleted: string[] = [];
  for (let i = 0; i < 60; i++) {
    const contactId = people[roll(2)]!;
    const rows = await rowsOf(crm, contactId);
    const row = rows[roll(Math.max(rows.length, 1))];
    const other = rows[roll(Math.max(rows.length, 1))];
    const address = `a${roll(6)}@x.test`;
    const kinds: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["field", () => crm.contacts.update(contactId, { email: address })],
      ["clear", () => crm.contacts.update(contactId, { email: null })],
      ["add", () => crm.emailAddresses.create({ contactId, address, isPrimary: roll(2) === 0 })],
      [
        "add two",
        () =>
          crm.emailAddresses.createMany([
            { contactId, address },
            { contactId, address: "two@x.test", isPrimary: true },
          ]),
      ],
      ["write", async () => row && crm.emailAddresses.update(row.id, { address })],
      ["promote", async () => row && crm.emailAddresses.update(row.id, { isPrimary: true })],
      ["demote", async () => row && crm.emailAddresses.update(row.id, { isPrimary: false })],
      [
        "swap",
        async () =>
          row &&
          other &&
          row !== other &&
          crm.emailAddresses.updateMany([
            { id: row.id, isPrimary: !row.isPrimary },
            { id: other.id, isPrimary: row.isPrimary },
          ]),
      ],
      ["archive", async () => row && crm.emailAddresses.archive(row.id)],
      ["unarchive", async () => row && crm.emailAddresses.restore(row.id)],
      [
        "delete",
        async () => {
          if (!row) return;
          await crm.emailAddresses.delete(row.id);
          deleted.push(row.id);
        },
      ],
      [
        "restore",
        async () => {
          const id = deleted.pop();
          if (id !== undefined) await crm.emailAddresses.restore(id);
        },
      ],
    ];
    const [kind, write] = kinds[roll(kinds.length)]!;
    const refusal = await write().then(
      () => undefined,
      (error: { readonly code?: string; readonly message: string }) => error.code ?? error.message,
    );
    expect([undefined, "invalid_input"], `${seed} ${i} ${kind}`).toContain(refusal);
    for (const id of people) await check(crm, id, `${seed} ${i} ${kind}`);
  }
}

export const primariesAtRandom: CrmSuite = {
  name: "primary rows and their field",
  facts: [3, 14, 159].map((seed) =>
    crmFact(`agree after each of 60 writes of every kind (seed ${seed})`, (bench) => play(bench, seed)),
  ),
};

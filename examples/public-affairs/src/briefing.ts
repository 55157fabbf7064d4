/** What the office wants to know before a meeting, as lines to read. */
import type { RecordReference } from "@relata/core";
import type { Office } from "./crm.ts";

/** Who holds the offices of an organisation on a day, who held each before, and which are vacant. */
export async function whoHoldsWhat(crm: Office, accountId: string, on: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const office of crm.offices.iterate({ where: { accountId }, orderBy: [{ title: "asc" }] })) {
    const { on: holders, before } = await crm.relationships.holdersAround(office.id, { on });
    const [now, earlier] = await Promise.all([holders, before].map((all) => namesOf(crm, all)));
    lines.push(`${office.title}: ${now || "vacant"}${earlier ? `, before: ${earlier}` : ""}`);
  }
  return lines;
}

/** How somebody of ours is connected with them: the strongest ways, read aloud. */
export async function howDoWeKnow(
  crm: Office,
  ours: RecordReference | readonly RecordReference[],
  them: RecordReference,
): Promise<readonly string[]> {
  const paths = await crm.relationships.strongestPaths(ours, them, { count: 2 });
  return paths.map(({ things, strength }) => `${things.map(({ name }) => name).join(" – ")} (${strength})`);
}

/** What follows by the office's rules, and on how many relationships it rests. */
export async function whatFollows(crm: Office, person: RecordReference): Promise<readonly string[]> {
  const inferred = await crm.relationships.inferred(person);
  return Promise.all(
    inferred.map(async ({ name, far, ways }) => {
      const called = await nameOf(crm, far);
      return `${name} ${called}, by ${ways.length} ${ways.length === 1 ? "way" : "ways"}`;
    }),
  );
}

/** What is known of a person, from where, and what they have refused: to be told to them. */
export async function toldToThem(crm: Office, person: RecordReference): Promise<readonly string[]> {
  const { party, relationships, statements, readings } = await crm.relationships.explain(person, {
    audience: "party",
    purpose: "request for information",
  });
  return [
    `${party.name}: known relationships: ${relationships.length}`,
    ...statements.map(({ kind, purpose, words }) => `You stated (${kind}, ${purpose ?? "anything"}): ${words}`),
    ...readings.map(({ purpose }) => `Read for: ${purpose}`),
  ];
}

async function namesOf(crm: Office, holdings: readonly { readonly holder: RecordReference }[]): Promise<string> {
  return (await Promise.all(holdings.map(({ holder }) => nameOf(crm, holder)))).join(" and ");
}

async function nameOf(crm: Office, { entityType, id }: RecordReference): Promise<string> {
  if (entityType === "account") return (await crm.accounts.get(id)).name;
  return (await crm.contacts.get(id)).fullName ?? id;
}

/** For tests: people by letters, companies by digits, and ties between them as short texts. */
import { type CrmOptions, createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { onTestFinished } from "vitest";
import { relationships } from "../relationships.ts";

const onPostgres = leasedSchemas(postgres);
export const storages = [
  ["memory", () => memory()],
  ["SQLite", () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", () => onPostgres((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

/** It is noon of 15 June 2026; `clock.at` moves it. */
export async function openCrm(storage: CrmOptions["storage"]) {
  const clock = { at: Date.UTC(2026, 5, 15, 12) };
  const crm = await createCrm({ storage, plugins: [relationships()], clock: () => clock.at });
  onTestFinished(() => crm.close());
  await crm.relationships.defineTypes([
    { key: "knows", shape: "symmetric", name: "knows", fromRole: "acquaintance", mayOverlap: true },
    {
      ...{ key: "employment", name: "employee of", inverseName: "employer of" },
      ...{ fromRole: "employee", toRole: "employer", defaultStrength: "0.8", mayOverlap: true },
    },
    {
      ...{ key: "parenthood", name: "parent of", inverseName: "child of" },
      ...{ fromRole: "parent", toRole: "child", mayOverlap: true, mayReverse: true, mayRelateToSelf: true },
    },
  ]);
  return { crm, clock };
}

export type TestedCrm = Awaited<ReturnType<typeof openCrm>>["crm"];

/** People A to Z and companies 0 to 9, as named. "A>1 employment 0.5 2020-01-01..2021-12-31" relates A to 1; "A B" is that they know each other. */
export async function drawGraph(crm: TestedCrm, names: string, ties: readonly string[]) {
  const ids = new Map<string, { readonly entityType: string; readonly id: string }>();
  const isCompany = (name: string) => /\d/.test(name);
  const people = await crm.contacts.createMany(
    [...names].filter((name) => !isCompany(name)).map((givenName) => ({ givenName })),
  );
  const companies = await crm.accounts.createMany([...names].filter(isCompany).map((name) => ({ name })));
  for (const { givenName, id } of people) ids.set(givenName!, { entityType: "contact", id });
  for (const { name, id } of companies) ids.set(name, { entityType: "account", id });
  const edges = await crm.relationships.relateMany(
    ties.map((tie) => {
      const [pair, ...more] = tie.split(" ");
      const days = more.find((part) => part.includes(".."))?.split("..");
      const strength = more.find((part) => /^[\d.]+$/.test(part) && !part.includes(".."));
      return {
        type: more.find((part) => /^[a-z]+$/.test(part)) ?? "knows",
        ...{ from: ids.get(pair![0]!)!, to: ids.get(pair![1]!)! },
        ...(strength === undefined ? {} : { strength }),
        ...{ validFrom: days?.[0] || null, validUntil: days?.[1] || null },
      };
    }),
  );
  const thing = (name: string) => ids.get(name)!;
  const things = (all: string) => [...all].map(thing);
  const nameOf = (id: string) => [...ids].find(([, each]) => each.id === id)![0];
  /** "A-B": the edge of this place in the list. */
  const edgeName = (id: string) => ties[edges.findIndex((edge) => edge.id === id)]!.split(" ")[0]!;
  return { thing, things, nameOf, edgeName, edges };
}

/** A CRM with the plugin on each storage, for tests: names instead of ids, and a clock that tests move. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CrmOptions, createCrm } from "@relata/core";
import { hierarchies } from "@relata/hierarchies";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { onTestFinished } from "vitest";
import { forecasting } from "./forecasting.ts";

const leased = leasedSchemas(postgres);

export const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

export type MakeStorage = () => Promise<CrmOptions["storage"]>;

/** In a folder of its own, which another CRM can open again. */
export const sqliteFolder = (after: (cleanUp: () => unknown) => void) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-forecasting-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
};

/** On noon of a day that `at` sets. It starts on 15 November 2026. */
export async function openForecasting(make: MakeStorage) {
  let now = Date.parse("2026-11-15T12:00:00Z");
  const crm = await createCrm({
    storage: await make(),
    plugins: [forecasting(), hierarchies()],
    clock: () => now++,
  });
  onTestFinished(() => crm.close());
  const on = (day: string) => {
    now = Date.parse(`${day}T12:00:00Z`);
  };
  /** The instant that has just passed. */
  const instant = () => new Date(now++);
  return { crm, on, instant };
}

export type ForecastingCrm = Awaited<ReturnType<typeof openForecasting>>["crm"];

export const eur = (amount: string) => ({ amount, currency: "EUR" });

/** What a call fails with. */
export const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "was not refused" as never,
    (error: { readonly code: string; readonly message: string; readonly details: Readonly<Record<string, unknown>> }) =>
      error,
  );

/** "chief > lead > rep": ids are the names. */
export async function makeUsers(crm: ForecastingCrm, ...chains: readonly string[]): Promise<void> {
  const seen = new Set<string>();
  for (const chain of chains) {
    const names = chain.split(" > ");
    for (const [at, id] of names.entries()) {
      if (seen.has(id)) continue;
      seen.add(id);
      await crm.users.create({ id, name: id, managerId: at === 0 ? null : names[at - 1]! });
    }
  }
}

/** The pipeline "sales" with a stage for each category; "won" and "lost". */
export async function makeStages(crm: ForecastingCrm): Promise<void> {
  const open = ["pipeline", "best_case", "most_likely", "commit", "omitted"] as const;
  await crm.pipelines.define({
    key: "sales",
    name: "Sales",
    entityType: "opportunity",
    isDefault: true,
    stages: [
      ...open.map((key) => ({ key, name: key, outcome: "open" as const, probability: "10" })),
      { key: "won", name: "Won", outcome: "won" },
      { key: "lost", name: "Lost", outcome: "lost" },
    ],
  });
  await crm.forecasting.setCategories({
    pipeline: "sales",
    stages: Object.fromEntries(open.map((key) => [key, key])),
  });
}

export interface Deal {
  readonly name?: string;
  readonly stage: string;
  readonly owner?: string | null;
  readonly amount?: string | { readonly amount: string; readonly currency: string } | null;
  readonly date?: string | null;
  readonly more?: object;
}

/** Made in the first open stage and moved from there. `date` is the expected close date, and that of what closes. */
export async function makeDeal(crm: ForecastingCrm, { name = "Deal", stage, owner, amount, date, more }: Deal) {
  const money = typeof amount === "string" ? eur(amount) : (amount ?? null);
  const made = await crm.opportunities.create({
    name,
    ownerId: owner ?? null,
    amount: money,
    expectedCloseDate: date ?? null,
    ...more,
  });
  const closes = stage === "won" || stage === "lost";
  if (stage === "pipeline") return made;
  return crm.opportunities.moveTo(made.id, stage, closes && date ? { closeDate: date } : {});
}

/** Two years of a sales department's opportunities, each with its way through the stages: a tenth of them is open. */
import { createCrm } from "@relata/core";
import type { StorageAdapter } from "@relata/core/adapter";
import { addDays } from "@relata/core/plugin";
import { forecasting } from "@relata/forecasting";
import { createRandom } from "../measure/random.ts";

/** The instant at which all is asked. */
const NOW = Date.parse("2026-07-01T12:00:00Z");
const FIRST_DAY = "2024-07-01";
const DAYS = 730;
const OWNERS = 500;
const REPORTS = 8;
/** Days from creation to close are spread evenly from the one to the other: their mean is a tenth of all days. */
const CYCLE = [16, 130] as const;
const OPEN_STAGES = ["qualification", "discovery", "proposal", "negotiation"] as const;

export function openCrm(storage: StorageAdapter) {
  return createCrm({ storage, plugins: [forecasting()], clock: () => NOW });
}

export type ForecastCrm = Awaited<ReturnType<typeof openCrm>>;

interface Deal {
  readonly id: string;
  readonly created: number;
  readonly cycle: number;
  readonly won: boolean;
  readonly fields: Parameters<ForecastCrm["opportunities"]["create"]>[0];
}

/** By way of the CRM, each write dated when it happened. */
export async function writeDeals(crm: ForecastCrm, count: number): Promise<void> {
  const long = crm.at(instantOf(0));
  await long.users.createMany(
    Array.from({ length: OWNERS }, (_, number) => ({
      id: ownerOf(number),
      name: `Owner ${number}`,
      managerId: number === 0 ? null : ownerOf(Math.floor((number - 1) / REPORTS)),
    })),
  );
  const days = Array.from({ length: DAYS }, () => ({
    created: [] as Deal[],
    moved: [] as { id: string; stage: string }[],
  }));
  for (const deal of makeDeals(count)) {
    days[deal.created]!.created.push(deal);
    for (const [number, stage] of [...OPEN_STAGES, deal.won ? "won" : "lost"].entries()) {
      const day = deal.created + Math.ceil((deal.cycle * number) / OPEN_STAGES.length);
      if (number > 0 && day < DAYS) days[day]!.moved.push({ id: deal.id, stage });
    }
  }
  for (const [number, { created, moved }] of days.entries()) {
    const then = crm.at(instantOf(number));
    if (created.length > 0) await then.opportunities.createMany(created.map(({ fields }) => fields));
    if (moved.length > 0) await then.opportunities.moveMany(moved);
  }
}

function makeDeals(count: number): readonly Deal[] {
  const random = createRandom(23);
  return Array.from({ length: count }, (_, number): Deal => {
    const created = Math.floor((number * DAYS) / count);
    const id = `019b7600-0000-7000-8000-${String((number * 7_919) % 1_000_003).padStart(8, "0")}0000`;
    return {
      id,
      created,
      cycle: CYCLE[0] + random(CYCLE[1] - CYCLE[0] + 1),
      won: random(10) < 6,
      fields: {
        id,
        name: `Deal ${number}`,
        ownerId: ownerOf(random(OWNERS)),
        amount: { amount: `${1 + random(50_000)}.25`, currency: "EUR" },
        expectedCloseDate: addDays(FIRST_DAY, created + 40 + random(90)),
      },
    };
  });
}

function ownerOf(number: number): string {
  return `u-${String(number).padStart(3, "0")}`;
}

function instantOf(day: number): Date {
  return new Date(Date.parse(`${FIRST_DAY}T09:00:00Z`) + day * 86_400_000);
}

/** For tests: a CRM with a sales team of three levels, and short ways to fill and read it. */
import { type CrmOptions, createCrm } from "@relata/core";
import type { Money } from "@relata/core/plugin";
import { onTestFinished } from "vitest";
import type { OpenCategory } from "../category/category.ts";
import { forecasting } from "../forecasting.ts";
import type { MakeStorage } from "../forecasting-fixture.ts";
import type { JudgedQuery } from "./judged-line.ts";

/** It is the morning of 2 November 2026 in UTC until it is set. */
function createClock() {
  let now = Date.UTC(2026, 10, 2, 9);
  return {
    now: () => now,
    set(instant: string) {
      now = Date.parse(instant);
    },
  };
}

export const usd = (amount: string): Money => ({ amount, currency: "USD" });

const make = (options: CrmOptions) => createCrm({ ...options, plugins: [forecasting()] });
export type ForecastingCrm = Awaited<ReturnType<typeof make>>;

/** Vera is above Mona and Otto, and Mona above Rita and Ray. */
export async function openTeam(storage: MakeStorage, options: Partial<CrmOptions> = {}) {
  const clock = createClock();
  const crm = await make({ storage: await storage(), clock: clock.now, ...options });
  onTestFinished(() => crm.close());
  const people: readonly (readonly [string, string | null])[] = [
    ["vera", null],
    ["mona", "vera"],
    ["otto", "vera"],
    ["rita", "mona"],
    ["ray", "mona"],
  ];
  for (const [id, managerId] of people) await crm.users.create({ id, name: id, managerId });
  return { crm, clock, ...shortWays(crm) };
}

function shortWays(crm: ForecastingCrm) {
  return {
    /** An open opportunity of the last quarter. */
    deal: async (
      ownerId: string,
      amount: Money,
      more: { readonly [field: string]: unknown; readonly forecastCategory?: OpenCategory } = {},
    ) =>
      crm.opportunities.create({
        ...{ name: `of ${ownerId}`, ownerId, amount, forecastCategory: "commit", expectedCloseDate: "2026-12-15" },
        ...more,
      }),
    /** "rita owner 10, all 10, base 10, own 10, forecast 10", of the commit unless said. */
    views: async (query: Partial<JudgedQuery> = {}) => {
      const { users } = await crm.forecasting.judged({ period: "2026-Q4", category: "commit", ...query });
      return Object.fromEntries(
        users.map(({ userId, figures: [figure] }) => {
          const { ownerOnly, withoutAdjustments, withoutOwnerAdjustment, withoutManagerAdjustment, forecast } = figure!;
          const views = [ownerOnly, withoutAdjustments, withoutOwnerAdjustment, withoutManagerAdjustment, forecast];
          return [userId, views.map(shown).join(" | ")];
        }),
      );
    },
    /** What is said of a user's figure, with what has become of it. */
    said: async (userId: string, query: Partial<JudgedQuery> = {}) => {
      const { users } = await crm.forecasting.judged({ period: "2026-Q4", category: "commit", ...query });
      const { adjustments } = users.find((user) => user.userId === userId)!.figures[0]!;
      return adjustments.map(({ byId, state, stale, beneath }) => ({
        ...{ byId, state, stale },
        beneath: beneath && [beneath.was, beneath.is, beneath.change].map(shown).join(" -> "),
      }));
    },
  };
}

function shown(figure: number | Money | readonly Money[]): string {
  if (typeof figure === "number") return `${figure}`;
  const list: readonly Money[] = "currency" in figure ? [figure] : figure;
  return list.map(({ amount, currency }) => `${Number(amount)} ${currency}`).join(" + ") || "0";
}

/** The code, the field and the message of a refusal. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "was not refused",
    (error: { readonly code?: string; readonly message: string; readonly details?: { readonly field?: string } }) =>
      `${error.code} ${error.details?.field}: ${error.message}`,
  );
}

/** `compareDomain`: the same story on two adapters, which must leave the same records with the same ids and tell the same figures. */
import { describe, expect, it } from "vitest";
import type { AdapterFactory } from "./bench/bench.ts";
import { withCrmBench } from "./crm-suites/crm-bench.ts";
import { everything } from "./crm-suites/tangle.ts";
import type { NamedAdapter } from "./differential.ts";
import { figuresOf } from "./scenario/figures.ts";
import { months, periods, played } from "./scenario/story.ts";

const timeLimitMs = 60_000;

/**
 * Registers a test that plays a company's first quarter (see the domain's suites) on two adapters, with the same clock and the same
 * random bytes. All records, now and as of each month's end, all histories of deals and all figures must be the same.
 *
 * @example
 * ```ts
 * import { memory } from "@relata/memory";
 * import { sqlite } from "@relata/sqlite";
 * import { compareDomain } from "@relata/testkit";
 *
 * compareDomain(
 *   { name: "memory", open: () => memory() },
 *   { name: "sqlite", open: () => sqlite({ filename: ":memory:" }) },
 * );
 * ```
 */
export function compareDomain(reference: NamedAdapter, candidate: NamedAdapter): void {
  describe(`the domain on ${candidate.name} compared with ${reference.name}`, () => {
    it(
      "has the same records, ids and figures after a company's first quarter",
      async () => expect(await leftBehind(candidate.open)).toEqual(await leftBehind(reference.open)),
      timeLimitMs,
    );
  });
}

async function leftBehind(factory: AdapterFactory): Promise<unknown> {
  let left: unknown;
  await withCrmBench(factory, async (bench) => {
    const { crm } = await played(bench);
    const all = { limit: 1_000, archived: "include" } as const;
    const deals = (await crm.opportunities.list(all)).items;
    const then = [];
    for (const month of months) {
      const past = crm.asOf(new Date(periods[month].end));
      then.push({ month, records: await everything(past), figures: await figuresOf(past, month) });
    }
    left = {
      records: await everything(crm),
      then,
      histories: await Promise.all(deals.map(({ id }) => crm.opportunities.history(id))),
      merges: (await crm.merges.list(all)).items,
      erasures: (await crm.erasures.list(all)).items,
      deliveries: (await crm.eventDeliveries.list({ limit: 1_000, orderBy: [{ occurredAt: "asc" }] })).items,
    };
  });
  return left;
}

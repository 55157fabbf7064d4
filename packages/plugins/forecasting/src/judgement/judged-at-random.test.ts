/** Random deals, moves, words and quotas: what was told at an instant is told of it ever after. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storages } from "../forecasting-fixture.ts";
import type { JudgedForecast } from "./judged-line.ts";
import { openTeam } from "./judgement-fixture.ts";

const people = ["vera", "mona", "otto", "rita", "ray"] as const;
const who = fc.constantFrom(...people);
const amount = fc.record({
  amount: fc.integer({ min: 1, max: 999 }).map(String),
  currency: fc.constantFrom("EUR", "EUR", "USD"),
});
const category = fc.constantFrom("best_case" as const, "commit" as const);

const step = fc.oneof(
  fc.record({ kind: fc.constant("deal" as const), owner: who, amount, category }),
  fc.record({ kind: fc.constant("change" as const), deal: fc.nat(9), amount, owner: who, won: fc.boolean() }),
  fc.record({ kind: fc.constant("move" as const), user: who, to: who }),
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("adjust" as const),
      // Whom and by whom: allowed while nobody has moved.
      pair: fc.constantFrom("rita rita", "rita mona", "rita vera", "mona mona", "mona vera", "vera vera"),
      amount,
      category: fc.constantFrom("commit" as const, "commit" as const, "best_case" as const),
      mode: fc.constantFrom("absolute" as const, "difference" as const),
      whole: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant("withdraw" as const), adjustment: fc.nat(9) }),
  fc.record({ kind: fc.constant("quota" as const), user: who, amount }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

type Opened = Awaited<ReturnType<typeof openTeam>>;

const refusals = ["adjustment_not_above", "hierarchy_cycle"];

/** Many are refused: nobody stands above, or a circle would close. */
async function take({ crm, deal }: Opened, given: Step): Promise<void> {
  const period = "2026-Q4";
  switch (given.kind) {
    case "deal":
      return void (await deal(given.owner, given.amount, { forecastCategory: given.category }));
    case "change": {
      const { items } = await crm.opportunities.list({ where: { status: "open" }, orderBy: [{ createdAt: "asc" }] });
      const found = items[given.deal % Math.max(items.length, 1)];
      if (!found) return;
      if (given.won) await crm.opportunities.moveTo(found.id, "won");
      else await crm.opportunities.update(found.id, { amount: given.amount, ownerId: given.owner });
      return;
    }
    case "move":
      return void (await crm.users.update(given.user, { managerId: given.to }));
    case "adjust": {
      const { amount: said, category: of, mode, whole } = given;
      const [userId = "", by = ""] = given.pair.split(" ");
      return void (await crm.forecasting.adjust({ userId, by, period, category: of, amount: said, mode, whole }));
    }
    case "withdraw": {
      const all = await crm.forecasting.adjustments({ period });
      const found = all[given.adjustment % Math.max(all.length, 1)];
      return void (found && (await crm.forecasting.withdraw({ id: found.id, by: found.byId })));
    }
    case "quota":
      return void (await crm.forecasting.setQuota({ userId: given.user, period, amount: given.amount }));
    default:
      return given satisfies never;
  }
}

const converted = { convert: { in: "EUR", on: "2026-11-02" } } as const;

const told = ({ crm }: Pick<Opened, "crm">, asOf?: Date) => {
  const query = { period: "2026-Q4", ...(asOf ? { asOf } : {}) } as const;
  return Promise.all([crm.forecasting.judged(query), crm.forecasting.judged({ ...query, ...converted })]);
};

describe.each(storages)("judged forecasts at random on %s", (name, storage) => {
  it("stay what they were as of each instant, and what lay beneath is what history tells", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 14 }), async (steps) => {
        const opened = await openTeam(storage);
        const { crm, clock } = opened;
        await crm.exchangeRates.create({ baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-11-01", rate: "0.75" });
        const known: { readonly at: Date; readonly answer: readonly JudgedForecast[] }[] = [];
        for (const [hour, given] of steps.entries()) {
          clock.set(`2026-11-02T${10 + hour}:00:00Z`);
          await take(opened, given).catch((error: { readonly code?: string }) =>
            expect(refusals).toContain(error.code),
          );
          known.push({ at: new Date(clock.now()), answer: await told(opened) });
        }
        for (const { at, answer } of known) expect(await told(opened, at)).toEqual(answer);
        for (const [view, { users }] of (await told(opened)).entries())
          for (const { userId, figures } of users)
            for (const { category: of, adjustments } of figures)
              for (const { id, judgedAt, beneath } of adjustments) {
                if (beneath === null) continue;
                const answer = known.find(({ at }) => at.getTime() === judgedAt.getTime())!.answer[view]!;
                const figure = answer.users
                  .find((user) => user.userId === userId)!
                  .figures.find(({ category: each }) => each === of)!;
                expect(figure.adjustments.find((each) => each.id === id)!.beneath!.is).toEqual(beneath.was);
              }
        await crm.close();
      }),
      { numRuns: { memory: 20, SQLite: 8, PostgreSQL: 4 }[name] },
    );
  }, 60_000);
});

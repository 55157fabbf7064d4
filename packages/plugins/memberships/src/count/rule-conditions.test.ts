import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import fc from "fast-check";
import { expect, it } from "vitest";
import { spanStates } from "../chain/membership-span.ts";
import { onEveryStorage, societyOf } from "../standing-memberships-fixture.ts";
import { statusInSpan } from "../status/status-on.ts";
import { inOrder, type StatusRule } from "../status/status-rule.ts";
import { countingWhere, onDay } from "./rule-conditions.ts";

const storages = {
  memory: () => memory(),
  sqlite: () => sqlite({ filename: ":memory:" }),
  postgres: leasedSchemas(postgres),
};

onEveryStorage(storages, (open) => {
  it("selects the spans that count as the rules do, for any rules, spans and day", async () => {
    const crm = await open();
    const { levelIds } = await societyOf(crm, [{ key: "any" }]);
    const from = Date.parse("2024-01-01");
    const dayOf = (days: number) => new Date(from + days * 86_400_000).toISOString().slice(0, 10);
    const day = fc.integer({ min: 0, max: 800 }).map(dayOf);
    const ruleDay = fc.record({
      event: fc.constantFrom(
        "join" as const,
        "chain_start" as const,
        "start" as const,
        "end" as const,
        "state" as const,
      ),
      unit: fc.constantFrom("day" as const, "month" as const, "year" as const),
      count: fc.integer({ min: -2, max: 2 }),
    });
    const statuses: readonly (readonly [string, boolean])[] = [
      ["current", true],
      ["grace", true],
      ["expired", false],
      ["odd", false],
    ];
    const rule = fc
      .record(
        {
          status: fc.constantFrom(...statuses),
          state: fc.constantFrom("term" as const, "paused" as const),
          from: ruleDay,
          until: ruleDay,
          withinTerm: fc.boolean(),
          weight: fc.nat(9),
          manual: fc.constantFrom(false, false, true),
        },
        { requiredKeys: ["status", "state", "weight"] },
      )
      .map(({ status: [status, counts], ...more }): StatusRule => ({ ...more, status, counts }));
    // One membership for each state, whose span stands for itself.
    const { id: contactId } = await crm.contacts.create({ givenName: "Any" });
    const membershipId = await crm.memberships.stand({
      contactId,
      terms: [{ levelId: levelIds[0]!, from: "2024-01-01" }],
    });
    const [stored] = (await crm.membershipSpans.list({ where: { membershipId } })).items;
    const spanOf = fc.record({
      ...{
        state: fc.constantFrom(...spanStates),
        stateOn: day,
        overrideStatus: fc.option(fc.constantFrom("current", "odd", "gone")),
      },
      ...{
        joinedOn: fc.option(day),
        chainStartsOn: fc.option(day),
        termStartsOn: fc.option(day),
        termEndsOn: fc.option(day),
      },
    });
    // What is in a term has begun to be.
    const span = fc.tuple(spanOf, day).map(([each, begun]) =>
      each.state !== "term"
        ? each
        : {
            ...each,
            joinedOn: each.joinedOn ?? begun,
            chainStartsOn: each.chainStartsOn ?? begun,
            termStartsOn: each.termStartsOn ?? begun,
          },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(rule, { maxLength: 5 }),
        fc.array(span, { minLength: 1, maxLength: 12 }),
        day,
        async (given, spans, asked) => {
          const rules = inOrder(given);
          const written = await crm.memberships.replaceSpans(stored!, spans);
          const found = await crm.membershipSpans.list({
            where: { and: [onDay(asked), countingWhere(rules, asked)], membershipId },
            limit: 100,
          });
          const expected = written.filter((each) => statusInSpan(each, rules, asked)?.counts === true);
          expect(found.items.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
        },
      ),
      { numRuns: 60 },
    );
  });
});

import { count, createCrm, integer, type Money, max, sum } from "@relata/core";
import { memory } from "@relata/memory";
import { expectTypeOf, it } from "vitest";
import { hierarchies } from "../hierarchies.ts";
import { type FigureValue, latest } from "./measures.ts";

it("knows the figures of core's fields, and that those of others may be anything", async () => {
  const crm = await createCrm({
    storage: memory(),
    plugins: [hierarchies()],
    extend: { opportunity: { seats: integer().optional() } },
  });
  const { total } = await crm.hierarchies.rollUp("", {
    entity: "opportunity",
    measures: {
      deals: count(),
      won: sum("amount"),
      inEuros: sum("amount", { in: "EUR", on: "2026-01-01" }),
      cycle: sum("salesCycleDays"),
      last: max("actualCloseDate"),
      status: latest("status", { by: "actualCloseDate" }),
      seats: sum("seats"),
    },
  });
  expectTypeOf(total.deals).toEqualTypeOf<number>();
  expectTypeOf(total.won).toEqualTypeOf<readonly Money[]>();
  expectTypeOf(total.inEuros).toEqualTypeOf<Money | null>();
  expectTypeOf(total.cycle).toEqualTypeOf<number | null>();
  expectTypeOf(total.last).toEqualTypeOf<string | null>();
  expectTypeOf(total.status).toEqualTypeOf<"open" | "won" | "lost" | null>();
  expectTypeOf(total.seats).toEqualTypeOf<FigureValue>();
});

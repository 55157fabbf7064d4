/** A company's first quarter: every derived figure, when each month ends and as of that instant later, in one tenant and in two. */
import { expect } from "vitest";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { everything } from "../crm-suites/tangle.ts";
import { dealFacts } from "./deal-facts.ts";
import { erasureFacts } from "./erasure-facts.ts";
import { februaryFigures } from "./february-figures.ts";
import { figuresOf } from "./figures.ts";
import { januaryFigures } from "./january-figures.ts";
import { marchFigures } from "./march-figures.ts";
import { createBook, openCompany } from "./open-company.ts";
import { peopleFacts } from "./people-facts.ts";
import { recordFacts } from "./record-facts.ts";
import { months, periods, play, played } from "./story.ts";

const expected = { january: januaryFigures, february: februaryFigures, march: marchFigures };

export const scenario: CrmSuite = {
  name: "a company's first quarter",
  facts: [
    crmFact("gives every figure when each month ends, the same in two tenants, and never mixes them", async (bench) => {
      const crm = await openCompany(bench);
      const companies = ["one", "two"].map((tenantId) => ({ crm: crm.as({ tenantId }), book: createBook() }));
      for (const month of months) {
        await play(month, { clock: bench.clock, companies });
        for (const company of companies) expect(await figuresOf(company.crm, month)).toEqual(expected[month]);
      }
      const [one, two] = await Promise.all(companies.map((company) => everything(company.crm)));
      expect(one!.size).toBe(two!.size);
      // Users and teams have the application's ids, which are the same.
      const ids = [...two!.keys()].map((key) => key.split(" ")[1]!).filter((id) => id.length === 36);
      expect(ids.length).toBeGreaterThan(150);
      const records = JSON.stringify([...one!]);
      expect(ids.filter((id) => records.includes(id))).toEqual([]);
    }),
    crmFact("gives the same figures of each month's last instant when the quarter is over", async (bench) => {
      const { crm } = await played(bench);
      bench.clock.set("2026-04-15T10:00:00Z");
      for (const month of months)
        expect(await figuresOf(crm.asOf(new Date(periods[month].end)), month)).toEqual(expected[month]);
    }),
    crmFact("gives the same records with the same ids when it is played again", async (bench) => {
      const [once, again] = [await played(bench), await played(bench)];
      expect(await everything(again.crm)).toEqual(await everything(once.crm));
    }),
    ...dealFacts,
    ...recordFacts,
    ...peopleFacts,
    ...erasureFacts,
  ],
};

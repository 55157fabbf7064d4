/** What is read of many records: pages far from the first, sums in one currency, boards. On one file, which is only read. */
import { copyFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { sum } from "@relata/core";
import { compareAnswers } from "../measure/compare-answers.ts";
import type { Entrant, Operation, Workload } from "../measure/measure.ts";
import type { BoardColumn } from "../sales/contestant.ts";
import { relataOn, type SalesCrm } from "../sales/relata.ts";
import { FROM } from "../sales/workloads.ts";
import type { Bench } from "../suite.ts";
import { raw } from "./raw.ts";
import { openFile } from "./relata.ts";

export async function measureReports(bench: Bench, filename: string, size: number): Promise<void> {
  const crm = await openFile(filename, Date.now);
  const compare = (name: string, what: string, sides: Readonly<Record<string, Operation>>) => {
    const workload: Workload<Operation> = { name, what, prepare: (operation) => operation };
    const entrants = Object.entries(sides).map(([side, contestant]) => ({ name: side, contestant }));
    return bench.measure(workload, entrants, { size });
  };
  await compare(
    "deep page",
    "a page of 50 in the middle of all, in the order of the date, by its cursor, beside the first page",
    await pages(crm),
  );
  const converted = sum("amount", { in: "EUR", on: "expectedCloseDate" });
  await bench.measure(
    {
      name: "converted sum",
      what: "all amounts in one currency, each by the rate of its own day, beside their sum by currency",
      prepare: (measure: typeof converted) => () => crm.opportunities.aggregate({ measures: { amount: measure } }),
    },
    [
      { name: "plain", contestant: sum("amount") as typeof converted },
      { name: "converted", contestant: converted },
    ],
    { size },
  );

  const covered = `${filename}.covered.db`;
  copyFileSync(filename, covered);
  const byHand = withCoveringIndex(covered);
  const workload: Workload<Operation> = {
    name: "board, covering index",
    what: "the same, beside the query by hand with an index of its own that has all that it reads",
    prepare: (operation) => operation,
  };
  const entrants: readonly Entrant<Operation>[] = [
    { name: "node:sqlite", contestant: () => byHand.board() },
    { name: "Relata", contestant: () => relataOn(crm).board() as Promise<readonly BoardColumn[]> },
  ];
  await compareAnswers({ entrants, workloads: [workload], since: Date.now() });
  await bench.measure(workload, entrants, { size });
  await byHand.close();
  await crm.close();
}

/** The last record of the page before is found by its day; the cursor behind it is made without reading. */
async function pages(crm: SalesCrm): Promise<Readonly<Record<string, Operation>>> {
  const query = {
    where: { status: "open", expectedCloseDate: { gte: FROM } },
    orderBy: [{ expectedCloseDate: "asc" }],
  } as const;
  const where = { status: "open", expectedCloseDate: { gte: "2026-08-15" } } as const;
  const [record] = (await crm.opportunities.list({ ...query, where, limit: 1 })).items;
  const after = await crm.opportunities.cursorAfter(record!, query);
  const read = async (page: { readonly after?: string }) => {
    const { items } = await crm.opportunities.list({ ...query, ...page, limit: 50 });
    if (items.length !== 50) throw new Error("The page is not full.");
  };
  return { first: () => read({}), deep: () => read({ after }) };
}

function withCoveringIndex(filename: string) {
  const database = new DatabaseSync(filename);
  database.exec(
    "create index board_by_hand on opportunity (tenant_id, pipeline_id, archived_at, stage_id, amount_currency, amount, probability)",
  );
  database.exec("analyze board_by_hand");
  database.close();
  return raw("node:sqlite", { filename, clock: Date.now });
}

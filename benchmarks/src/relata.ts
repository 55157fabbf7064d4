/** Relata as an application uses it. */
import { createCrm } from "@relata/core";
import { sqlite } from "@relata/sqlite";
import type { Contestant, ContestantOptions, PageQuery } from "./contestant.ts";

export async function relata({ filename, clock }: ContestantOptions): Promise<Contestant> {
  const crm = await openCrm({ filename, clock });
  const pageOf = ({ from, after }: PageQuery) =>
    ({
      where: { status: "open", expectedCloseDate: { gte: from } },
      orderBy: [{ expectedCloseDate: "asc" }],
      after: after as string | undefined,
    }) as const;
  return {
    create: (input) => crm.opportunities.create(input),
    get: (id) => crm.opportunities.get(id),
    list: (query) => crm.opportunities.list(pageOf(query)),
    listFiveFields: (query) =>
      crm.opportunities.list({
        ...pageOf(query),
        select: ["name", "status", "amount", "expectedCloseDate", "ownerId"],
      }),
    move: (id, stage) => crm.opportunities.moveTo(id, stage),
    createMany: (inputs) => crm.opportunities.createMany(inputs),
    async board() {
      const columns = await crm.opportunities.board({ limit: 0 });
      return columns.map(({ stage, count, amount, weighted }) => ({ stage, count, amount, weighted }));
    },
    close: () => crm.close(),
  };
}

export function openCrm({ filename, clock }: ContestantOptions) {
  return createCrm({ storage: sqlite({ filename, durability: "relaxed" }), clock });
}

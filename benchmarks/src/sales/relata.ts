/** Relata as an application uses it, on any storage. */
import { createCrm } from "@relata/core";
import type { StorageAdapter } from "@relata/core/adapter";
import { type Contestant, FROM, type PageQuery } from "./contestant.ts";

export type SalesCrm = Awaited<ReturnType<typeof openCrm>>;

export function openCrm(storage: StorageAdapter, clock: () => number) {
  return createCrm({ storage, clock });
}

/** What is asked for the first page of 50. */
export const FIRST_PAGE = {
  where: { status: "open", expectedCloseDate: { gte: FROM } },
  orderBy: [{ expectedCloseDate: "asc" }],
} as const;

export function relataOn(crm: SalesCrm): Contestant {
  const pageOf = ({ from, after }: PageQuery) =>
    ({
      ...FIRST_PAGE,
      where: { ...FIRST_PAGE.where, expectedCloseDate: { gte: from } },
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

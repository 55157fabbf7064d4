/** What is measured: for each workload one operation of a contestant, by the operation's number. */
import type { Workload } from "../measure/measure.ts";
import { type Contestant, FROM, type Page, type Reader } from "./contestant.ts";
import { numbers, OPEN_STAGES, type SalesData } from "./sales-data.ts";

export const FIVE_FIELDS = "list, five fields";

const BULK = 2_000;
/** So many creates or moves write about 2,800 pages of SQLite, which copies its log after 4,000. */
const SETTLED = 100;
const PAGES = 10;
/** Between records that are read one after another: far from each other, and each once. */
export const STRIDE = 7_919;

/** All workloads: those that write come before and after those that read. */
export function workloadsOn(data: SalesData): readonly Workload<Contestant>[] {
  /** Each has numbers of its own, after those that the database was filled with. */
  const [creates, bulks] = [data.ids.length + 10_000_000, data.ids.length + 20_000_000];
  return [
    {
      name: "create",
      what: "an opportunity and its first stage entry, in one transaction",
      writes: true,
      writesAtMost: SETTLED,
      prepare: (contestant) => (operation) => contestant.create(data.input(creates + operation)),
    },
    ...readsOn(data),
    {
      name: "stage move",
      what: "version checked, opportunity changed, its stage entry ended and another begun, the former versions of both kept as history, in one transaction",
      writes: true,
      writesAtMost: SETTLED,
      prepare: (contestant) => (operation) => {
        const { idsInFirstStage: ids } = data;
        const stage = OPEN_STAGES[(Math.floor(operation / ids.length) + 1) % OPEN_STAGES.length]!;
        return contestant.move(ids[operation % ids.length]!, stage);
      },
    },
    {
      name: "bulk create",
      what: "2,000 opportunities and their first stage entries, in one transaction",
      writes: true,
      writesAtMost: 1,
      compared: 1,
      prepare: (contestant) => (operation) =>
        contestant.createMany(numbers(BULK).map((i) => data.input(bulks + operation * BULK + i))),
    },
    {
      name: "board",
      what: "the stages of the pipeline with count, amounts and weighted amounts",
      prepare: (contestant) => () => contestant.board(),
    },
  ];
}

/** For both sides an operation that gives a board. */
export const COVERED_BOARD: Workload<() => unknown> = {
  name: "board, covering index",
  what: "the same, beside the query by hand with an index of its own that has all that it reads",
  prepare: (board) => () => board(),
};

/** Those that only read, and read records. */
export function readsOn(data: SalesData): readonly Workload<Reader>[] {
  return [
    {
      name: "get",
      what: "one opportunity by its id, all fields",
      prepare: (contestant) => (operation) => contestant.get(data.ids[(operation * STRIDE) % data.ids.length]!),
    },
    {
      name: "list of 50",
      what: "a page of 50 by status and date, in the order of the date, by keyset, all fields",
      step: PAGES,
      prepare: (contestant) => pagesInTurn((after) => contestant.list({ from: FROM, after })),
    },
    {
      name: FIVE_FIELDS,
      what: "the same with five fields and the id",
      step: PAGES,
      prepare: (contestant) => pagesInTurn((after) => contestant.listFiveFields({ from: FROM, after })),
    },
  ];
}

/** Ten pages, each after the one before, and again from the first. */
function pagesInTurn(read: (after: unknown) => Promise<Page<unknown>> | Page<unknown>): (operation: number) => unknown {
  let after: unknown;
  return async (operation) => {
    if (operation % PAGES === 0) after = undefined;
    const page = await read(after);
    after = page.next;
    return page.items;
  };
}

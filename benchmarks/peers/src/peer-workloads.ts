/** The workloads that a peer is asked to do: those of the other benchmarks, but for the board, and with as many at once as the slowest bears. */
import type { Effort, Workload } from "../../src/measure/measure.ts";
import { numbers, type SalesData } from "../../src/sales/sales-data.ts";
import { workloadsOn } from "../../src/sales/workloads.ts";
import type { Bench } from "../../src/suite.ts";
import type { Peer } from "./peer.ts";

/** Beyond the numbers of the other workloads' inputs. */
const FIRST_OF_BULK = 50_000_000;

export const SIZES = { full: [10_000, 100_000], quick: [10_000], smoke: [], answers: [10_000] } as const;

export function peerWorkloads(data: SalesData, bulk: number): readonly Workload<Peer>[] {
  const common = workloadsOn(data).filter(({ name }) => name !== "board" && name !== "bulk create");
  return [
    ...common.map(({ prepare, ...workload }) => ({
      ...workload,
      what: wordsOf(workload),
      prepare: (peer: Peer) => prepare({ ...peer, board: refuseBoard }),
    })),
    {
      name: "bulk create",
      writes: true,
      writesAtMost: 1,
      what: `${bulk.toLocaleString("en")} opportunities and their first stage entries at once`,
      prepare: (peer) => (operation) =>
        peer.createMany(numbers(bulk).map((i) => data.input(FIRST_OF_BULK + operation * bulk + i))),
    },
  ];
}

/** Less than the other benchmarks spend: peers are slow, and what is asked of them is a magnitude. */
export function effortOf({ mode }: Bench, turnMs: number): Effort {
  return mode === "full" ? { rounds: 9, turnMs, warmUpMs: 100 } : { rounds: 5, turnMs: turnMs / 2, warmUpMs: 50 };
}

/** Of the peers not all keep history. */
function wordsOf({ name, what }: Pick<Workload<Peer>, "name" | "what">): string {
  return name === "stage move" ? "version checked, opportunity changed, stage entry ended and another begun" : what;
}

function refuseBoard(): never {
  throw new Error("Peers have no board");
}

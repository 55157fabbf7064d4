/** Deals made of opportunities and their stays in stages. */
import type { ForecastingContext } from "../parts.ts";
import type { Stay } from "./deal-history.ts";
import type { TenantDays } from "./tenant-days.ts";

/** Ids of one query: their stays are a page or two, which costs least. */
const idsAtOnce = 200;

export interface Entry {
  readonly stageId: string;
  readonly enteredAt: Date;
  readonly leftAt: Date | null;
}

export interface Closing {
  readonly status: "open" | "won" | "lost";
  /** Undefined while it is open. */
  readonly closedOn: number | undefined;
}

/** The stays of these records in order of time: a query for two hundred of them. */
export async function readEntries(
  at: ForecastingContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const found = new Map<string, Entry[]>();
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const query = {
      where: { recordId: { in: ids.slice(start, start + idsAtOnce) } },
      select: ["recordId", "stageId", "enteredAt", "leftAt"],
      orderBy: [{ recordId: "asc" }, { enteredAt: "asc" }],
    } as const;
    for await (const { recordId, stageId, enteredAt, leftAt } of at.opportunityStageEntries.iterate(query)) {
      const entry = { stageId, enteredAt, leftAt };
      const own = found.get(recordId);
      if (own) own.push(entry);
      else found.set(recordId, [entry]);
    }
  }
  return found;
}

/**
 * The stays in open stages. Each ends with the next entry; the last one on the day on which the record was closed, which may be another
 * than that of the move, and after which there is none. What was closed without having been in an open stage has one stay without a stage, on the day of its closing.
 */
export function staysOf(
  entries: readonly Entry[],
  { status, closedOn }: Closing,
  { outcomes, days }: { readonly outcomes: ReadonlyMap<string, "open" | "won" | "lost">; readonly days: TenantDays },
): readonly Stay[] {
  const stays: Stay[] = [];
  for (const [index, { stageId, enteredAt, leftAt }] of entries.entries()) {
    if (outcomes.get(stageId) !== "open") continue;
    const from = days.numberOf(enteredAt);
    const next = entries[index + 1];
    if (next === undefined || leftAt === null) {
      stays.push({ stage: stageId, from });
      continue;
    }
    const outcome = outcomes.get(next.stageId) ?? "open";
    const exit = outcome === "open" ? "moved" : outcome;
    stays.push({ stage: stageId, from, until: days.numberOf(leftAt), exit });
  }
  if (status === "open" || closedOn === undefined) return stays;
  const last = stays.pop();
  if (last === undefined) return [{ stage: "", from: closedOn, until: closedOn, exit: status }];
  const by = (day: number) => Math.min(day, closedOn);
  return [
    ...stays.map((stay) => ({ ...stay, from: by(stay.from), until: by(stay.until ?? closedOn) })),
    { stage: last.stage, from: by(last.from), until: closedOn, exit: status },
  ];
}

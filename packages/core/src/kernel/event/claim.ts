/** Claims what a drain delivers next, so that no other drain has it too. */
import type { Scope } from "../kernel.ts";
import { compareText } from "../value/text.ts";
import { findDeliveries, setInAll, type Version } from "./delivery-rows.ts";
import type { InSequence, PassedOver } from "./sequence.ts";
import { inVersionOrder, type Placed } from "./version-order.ts";

/** So many that are due are looked at for one claim: several may wait for another one. */
const LOOKED_AT = 100;

export interface Claim {
  /** The ids of the subscribers. */
  readonly subscribers: readonly string[];
  readonly passedOver: PassedOver;
  readonly most: number;
  readonly leaseMs: number;
}

export type Claimed = Version & InSequence & { readonly claimedUntil: Date };

const SHOWN = ["eventName", "subscriber", "entityType", "recordId", "recordVersion", "occurredAt"] as const;
const IN_ORDER = [{ occurredAt: "asc" }] as const;

/**
 * The next ones in the order of the events: of each sequence the first that waits, and what directly follows it. None where others were
 * quicker or all that is due is held back, which is passed over from then on: then there may be more. Undefined: there is nothing more.
 */
export async function claimDeliveries(scope: Scope, claim: Claim): Promise<readonly Claimed[] | undefined> {
  const { subscribers, passedOver } = claim;
  const passed = passedOver.condition();
  const free = await findDeliveries(scope, {
    where: { ...isFree(scope), subscriber: { in: subscribers }, ...(passed ? { not: passed } : {}) },
    orderBy: IN_ORDER,
    select: SHOWN,
    limit: LOOKED_AT,
  });
  if (free.length === 0) return undefined;
  const next = await nextOf(scope, free, claim);
  return next.length === 0 ? [] : take(scope, next, claim);
}

/** Those that are free and have nothing before them in their sequence but what is taken with them. */
async function nextOf(scope: Scope, free: readonly Placed[], { passedOver, most }: Claim): Promise<readonly Placed[]> {
  const last = free.at(-1)!;
  const ids = new Set(free.map(({ id }) => id));
  const distinct = (name: "subscriber" | "entityType" | "recordId") => [...new Set(free.map((each) => each[name]))];
  const waiting = await findDeliveries(scope, {
    where: {
      status: "pending",
      recordId: { in: distinct("recordId") },
      entityType: { in: distinct("entityType") },
      subscriber: { in: distinct("subscriber") },
      occurredAt: { lte: last.occurredAt },
    },
    orderBy: IN_ORDER,
    select: SHOWN,
  });
  const next: Placed[] = [];
  for (const each of inVersionOrder(waiting)) {
    if (next.length === most) break;
    if (passedOver.has(each)) continue;
    // Those of the last one's instant that come after it were not looked at: whether they are free is seen when they are taken.
    if (ids.has(each.id) || isAfter(each, last)) next.push(each);
    else passedOver.add(each);
  }
  return next;
}

/** In a short unit of its own. What another drain has locked or taken meanwhile is passed over, with what follows it. */
function take(scope: Scope, next: readonly Placed[], { passedOver, leaseMs }: Claim): Promise<readonly Claimed[]> {
  const { kernel, binding } = scope;
  return kernel.units.run(undefined, async (frame) => {
    const inUnit = { ...scope, binding: { ...binding, frame } };
    const where = { ...isFree(scope), id: { in: next.map(({ id }) => id) } };
    const locked = await findDeliveries(inUnit, { where, select: ["version"] }, "skip");
    const versions = new Map(locked.map(({ id, version }) => [id, version]));
    const claimedUntil = new Date(kernel.clock() + leaseMs);
    const taken: Claimed[] = [];
    for (const each of next) {
      const version = versions.get(each.id);
      if (version === undefined) passedOver.add(each);
      else if (!passedOver.has(each)) taken.push({ ...each, version, claimedUntil });
    }
    if (taken.length > 0) await setInAll(inUnit, taken, { claimedUntil });
    return taken.map((each) => ({ ...each, version: each.version + 1 }));
  });
}

/** What was not tried yet is due whatever the clock says: that of the process which wrote it may be ahead of this one's. */
function isFree({ kernel }: Scope) {
  const now = new Date(kernel.clock());
  return {
    status: "pending",
    and: [
      { or: [{ attempts: 0 }, { dueAt: { lte: now } }] },
      { or: [{ claimedUntil: null }, { claimedUntil: { lte: now } }] },
    ],
  };
}

function isAfter(a: Placed, b: Placed): boolean {
  const ms = a.occurredAt.getTime() - b.occurredAt.getTime();
  return ms > 0 || (ms === 0 && compareText(a.id, b.id) > 0);
}

/** Delivers durable events: claims a few, and of each calls the subscriber and takes it off. */
import * as z from "zod";
import { KERNEL } from "../entity/entity-schema.ts";
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import { type Claimed, claimDeliveries } from "./claim.ts";
import { type Drain, deliver, type Outcome } from "./deliver.ts";
import { DELIVERY } from "./delivery.ts";
import { setWhereUnchanged } from "./delivery-rows.ts";
import type { DrainCounts, DrainOptions } from "./outbox.ts";
import { createPassedOver, type PassedOver, sameSequence } from "./sequence.ts";

/** At most so many are claimed at once: what others wait for when this process ends in the middle. */
const MOST_CLAIMED = 10;
/**
 * A claim lasts the time limit of one delivery and this much longer. Its deliveries are begun in the first half of the difference, and
 * so end before it, with the other half to spare; what is not begun by then is given back.
 */
const LEASE_MARGIN_MS = 30_000;
/** What one drain tries where its caller does not say. */
const DRAIN_LIMIT = 1_000;
const drainSchema = z.strictObject({ limit: z.int().min(1).optional(), until: z.date().optional() });

export interface DrainRequest {
  /** Of this tenant only; of all unless said. */
  readonly tenantId?: string;
  /** As the caller gave it. */
  readonly request?: DrainOptions | undefined;
  /** Ends the drain between two deliveries. */
  readonly stopped?: () => boolean;
}

/** What a drain has done so far, and whether it is to do more. */
interface Progress {
  readonly counts: Record<"delivered" | "failed" | "parked", number>;
  left(): number;
  goesOn(): boolean;
}

export async function drainDeliveries(
  drain: Drain,
  { tenantId, request = {}, stopped = () => false }: DrainRequest,
): Promise<DrainCounts> {
  const { kernel } = drain;
  kernel.units.guard(undefined, "eventDeliveries.drain");
  const { limit = DRAIN_LIMIT, until } = checked(request);
  const counts = { delivered: 0, failed: 0, parked: 0 };
  const left = () => limit - triedIn(counts);
  const progress: Progress = {
    counts,
    left,
    goesOn: () => left() > 0 && (until === undefined || kernel.clock() <= until.getTime()) && !stopped(),
  };
  if (kernel.events.subscribers.size === 0) return counts;
  const tenants = tenantId === undefined ? await drain.tenants() : [tenantId];
  let waiting = tenants.map((each) => batchesOf(drain, each, progress));
  // In turns, so that a tenant with many events does not keep the others waiting.
  while (waiting.length > 0 && progress.goesOn()) {
    const more: typeof waiting = [];
    for (const deliverNext of waiting) if (progress.goesOn() && (await deliverNext())) more.push(deliverNext);
    waiting = more;
  }
  return counts;
}

/** Each call claims some and delivers them; false when nothing is left that can be claimed. */
function batchesOf(drain: Drain, tenantId: string, progress: Progress): () => Promise<boolean> {
  const { kernel, options } = drain;
  const entity = kernel.schema.entities.get(DELIVERY)!;
  const scope: Scope = { kernel, entity, binding: { ...kernel.root, tenantId, plugin: KERNEL } };
  const subscribers = [...kernel.events.subscribers.keys()];
  const passedOver = createPassedOver();
  return async () => {
    const most = Math.min(MOST_CLAIMED, progress.left());
    const leaseMs = options.deliverTimeoutMs + LEASE_MARGIN_MS;
    const claimed = await claimDeliveries(scope, { subscribers, passedOver, most, leaseMs });
    if (claimed) await deliverClaimed(drain, scope, { claimed, passedOver, progress });
    return claimed !== undefined;
  };
}

interface Batch {
  readonly claimed: readonly Claimed[];
  readonly passedOver: PassedOver;
  readonly progress: Progress;
}

/** One after the other. What follows one that was not delivered, and what is not begun in time, is given back. */
async function deliverClaimed(drain: Drain, scope: Scope, { claimed, passedOver, progress }: Batch): Promise<void> {
  for (const [i, next] of claimed.entries()) {
    if (passedOver.has(next)) continue;
    const following = claimed.slice(i + 1).filter((other) => !passedOver.has(other));
    if (!progress.goesOn() || !isInTime(drain, next)) return giveBack(scope, [next, ...following]);
    const outcome: Outcome = await deliver(drain, scope, next);
    if (outcome !== "taken") progress.counts[outcome]++;
    if (outcome === "delivered" || outcome === "parked") continue;
    passedOver.add(next);
    await giveBack(
      scope,
      following.filter((other) => sameSequence(other, next)),
    );
  }
}

/** For the background: the same, and whether it has ended before all was done. */
export async function drainPart(drain: Drain, stopped: () => boolean): Promise<boolean> {
  return triedIn(await drainDeliveries(drain, { stopped })) === DRAIN_LIMIT;
}

function triedIn({ delivered, failed, parked }: DrainCounts): number {
  return delivered + failed + parked;
}

function isInTime({ kernel, options }: Drain, { claimedUntil }: Claimed): boolean {
  return kernel.clock() <= claimedUntil.getTime() - options.deliverTimeoutMs - LEASE_MARGIN_MS / 2;
}

function giveBack(scope: Scope, claimed: readonly Claimed[]): Promise<void> {
  return setWhereUnchanged(scope, claimed, { claimedUntil: null });
}

function checked(given: unknown): DrainOptions {
  const parsed = drainSchema.safeParse(given);
  if (!parsed.success) throw invalidInput("drain", inputIssues(parsed.error.issues, given));
  return parsed.data as DrainOptions;
}

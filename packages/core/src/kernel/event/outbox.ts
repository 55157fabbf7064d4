/** The outbox: durable events wait in it until they are delivered. */
import type { RecordOf } from "../entity/model.ts";
import type { KernelContext, KernelModel } from "../kernel-model.ts";

export type DeliveryRecord = RecordOf<KernelModel, "eventDelivery">;

/** How durable events are delivered. */
export interface OutboxOptions {
  /**
   * Drains by itself, so long after the drain before has ended, and soon after a commit that has written deliveries, in this process
   * or in one that the storage hears of; stops with `close()`. Not by itself unless said.
   */
  readonly drainEveryMs?: number;
  /** So many failures, and a delivery is parked. 10 unless said. */
  readonly maxAttempts?: number;
  /** The wait after the first failure; it doubles with each. 1,000 unless said. */
  readonly firstRetryMs?: number;
  /** The longest wait. 3,600,000 (an hour) unless said. */
  readonly longestRetryMs?: number;
  /** How long a subscriber may take for one event before that counts as a failure. 30,000 unless said. */
  readonly deliverTimeoutMs?: number;
}

export interface DrainOptions {
  /** At most so many deliveries are tried. 1,000 unless said. */
  readonly limit?: number;
  /** None is begun after this instant: for a caller whose own time is limited. */
  readonly until?: Date;
}

export interface DrainCounts {
  readonly delivered: number;
  /** To be tried again, later. */
  readonly failed: number;
  /** Given up by this drain. */
  readonly parked: number;
}

export interface DeliveryOperations {
  /**
   * Delivers what is due to the subscribers that are installed here: of all tenants, or, of a handle that `as` has bound to a tenant, of
   * that one only. Each at least once; those of one record to one subscriber in order: what fails holds back the later ones until it
   * is delivered or parked. Several drains may run at once, in several processes too, and share the work: each claims a few
   * deliveries at a time, and passes over what another one has. Not inside of a transaction.
   */
  drain(options?: DrainOptions): Promise<DrainCounts>;
  /** Has a parked delivery tried again, from now on and with all its attempts. One that is pending stays as it is. @throws `not_found` */
  sendAgain(id: string): Promise<DeliveryRecord>;
}

/** Drains what the handle may see that `context` stands for. */
export type DrainWith = (context: KernelContext, request: DrainOptions | undefined) => Promise<DrainCounts>;

export function deliveryOperations(context: KernelContext, drain: DrainWith): DeliveryOperations {
  return { drain: (request) => drain(context, request), sendAgain: (id) => sendAgain(context, id) };
}

async function sendAgain(context: KernelContext, id: string): Promise<DeliveryRecord> {
  const found = await context.eventDeliveries.get(id);
  if (found.status === "pending") return found;
  const again = { status: "pending", attempts: 0, dueAt: context.now() } as const;
  return context.eventDeliveries.update(id, again, { version: found.version });
}

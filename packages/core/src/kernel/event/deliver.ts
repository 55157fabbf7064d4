/** Delivers one durable event that is claimed, and writes down how it went. */
import { CrmError } from "../../errors.ts";
import type { Kernel, Scope } from "../kernel.ts";
import { wordsOf } from "../thrown.ts";
import type { TimeLimit } from "../time-limit.ts";
import type { Claimed } from "./claim.ts";
import { findDeliveries, removeWhereUnchanged, setWhereUnchanged } from "./delivery-rows.ts";
import type { InstalledSubscriber } from "./event-catalog.ts";
import type { DeliveryRecord, OutboxOptions } from "./outbox.ts";
import { reviveEvent } from "./stored-event.ts";

/** What all drains of a CRM have in common. */
export interface Drain {
  readonly kernel: Kernel;
  /** The tenants that have deliveries. */
  tenants(): Promise<readonly string[]>;
  readonly options: Required<Omit<OutboxOptions, "drainEveryMs">>;
  /** Of `deliverTimeoutMs`. */
  readonly inTime: TimeLimit;
}

/** `taken`: it is not this drain's any more, because it was erased, or taken over by another drain. */
export type Outcome = "delivered" | "failed" | "parked" | "taken";

type Due = Pick<DeliveryRecord, "id" | "version" | "event" | "attempts">;

export async function deliver(drain: Drain, scope: Scope, claimed: Claimed): Promise<Outcome> {
  // Read when it is its turn: what was erased since it was claimed is not told to anybody.
  const [due] = await findDeliveries(scope, {
    where: { id: claimed.id },
    select: ["version", "event", "attempts"],
  });
  if (due?.version !== claimed.version) return "taken";
  try {
    await call(drain, scope, { due, subscriber: drain.kernel.events.subscribers.get(claimed.subscriber)! });
  } catch (error) {
    return failed(drain, scope, { due, error });
  }
  await removeWhereUnchanged(scope, due);
  return "delivered";
}

function call(
  { kernel, options, inTime }: Drain,
  { binding }: Scope,
  { due, subscriber }: { readonly due: Due; readonly subscriber: InstalledSubscriber },
): Promise<void> {
  const { deliverTimeoutMs } = options;
  const event = reviveEvent(kernel, due.event);
  const place = { ...binding, tenantBound: true, actorId: event.actorId, plugin: subscriber.plugin };
  return inTime(
    async () => subscriber.deliver(kernel.contextFor(place) as never, event as never),
    async () => {
      const message = `The subscriber has not ended within ${deliverTimeoutMs} ms.`;
      throw new CrmError("delivery_timeout", message, { details: { timeoutMs: deliverTimeoutMs } });
    },
  );
}

async function failed(
  { kernel, options }: Drain,
  scope: Scope,
  { due, error }: { readonly due: Due; readonly error: unknown },
): Promise<Outcome> {
  const { maxAttempts, firstRetryMs, longestRetryMs } = options;
  const attempts = due.attempts + 1;
  const parked = attempts >= maxAttempts;
  const waitMs = Math.min(firstRetryMs * 2 ** (attempts - 1), longestRetryMs);
  await setWhereUnchanged(scope, [due], {
    attempts,
    status: parked ? "parked" : "pending",
    dueAt: new Date(kernel.clock() + waitMs),
    claimedUntil: null,
    lastError: storableWords(error),
  });
  return parked ? "parked" : "failed";
}

function storableWords(error: unknown): string {
  return wordsOf(error)
    .slice(0, 2_000)
    .replace(/\0|\p{Surrogate}/gu, "\ufffd");
}

/** Delivers durable events: claims one, calls its subscriber, deletes it. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { KERNEL } from "../entity/entity-schema.ts";
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import type { Kernel } from "../kernel.ts";
import type { KernelContext } from "../kernel-model.ts";
import { wordsOf } from "../thrown.ts";
import { withinTime } from "../time-limit.ts";
import type { InstalledSubscriber } from "./event-catalog.ts";
import type { DeliveryRecord, DrainCounts, DrainOptions, OutboxOptions } from "./outbox.ts";
import { reviveEvent } from "./stored-event.ts";

/** What a claim outlasts the time limit of its delivery by, so that nobody else begins while it may still end well. */
const LEASE_MARGIN_MS = 30_000;
const drainSchema = z.strictObject({ limit: z.int().min(1).optional(), until: z.date().optional() });

export interface Drain {
  readonly kernel: Kernel;
  /** The tenants that have deliveries. */
  tenants(): Promise<readonly string[]>;
  readonly options: Required<Omit<OutboxOptions, "drainEveryMs">>;
}

type Outcome = "delivered" | "failed" | "parked" | "taken";

/** `stopped` ends it between two deliveries. */
export async function drainDeliveries(
  drain: Drain,
  given: DrainOptions = {},
  stopped: () => boolean = () => false,
): Promise<DrainCounts> {
  const { kernel } = drain;
  kernel.units.guard(undefined, "eventDeliveries.drain");
  const { limit = 1_000, until } = checked(given);
  const counts = { delivered: 0, failed: 0, parked: 0 };
  const goesOn = () =>
    counts.delivered + counts.failed + counts.parked < limit &&
    (until === undefined || kernel.clock() <= until.getTime()) &&
    !stopped();
  if (kernel.events.subscribers.size === 0) return counts;
  for (const tenantId of await drain.tenants()) {
    if (!goesOn()) break;
    for await (const outcome of drainTenant(drain, tenantId)) {
      if (outcome !== "taken") counts[outcome]++;
      if (!goesOn()) break;
    }
  }
  return counts;
}

/** In the order of the events. Of each record and subscriber, what follows one that was not delivered is passed over. */
async function* drainTenant(drain: Drain, tenantId: string): AsyncGenerator<Outcome, void> {
  const { kernel } = drain;
  const context = kernel.contextFor({ ...kernel.root, tenantId, plugin: KERNEL }) as KernelContext;
  const held = new Set<string>();
  const waiting = context.eventDeliveries.iterate({
    where: { status: "pending", subscriber: { in: [...kernel.events.subscribers.keys()] } },
    orderBy: [{ occurredAt: "asc" }],
    select: ["version", "subscriber", "entityType", "recordId", "dueAt", "claimedUntil"],
  });
  for await (const next of waiting) {
    const key = JSON.stringify([next.subscriber, next.entityType, next.recordId]);
    if (held.has(key)) continue;
    const now = kernel.clock();
    const isFree = next.dueAt.getTime() <= now && (next.claimedUntil === null || next.claimedUntil.getTime() <= now);
    const outcome = isFree ? await deliver(drain, context, { ...next, tenantId }) : "taken";
    if (outcome === "taken" || outcome === "failed") held.add(key);
    yield outcome;
  }
}

async function deliver(
  drain: Drain,
  context: KernelContext,
  {
    id,
    version,
    tenantId,
    subscriber: name,
  }: Pick<DeliveryRecord, "id" | "version" | "subscriber"> & { readonly tenantId: string },
): Promise<Outcome> {
  const { kernel, options } = drain;
  const claimedUntil = new Date(kernel.clock() + options.deliverTimeoutMs + LEASE_MARGIN_MS);
  const claimed = await unlessTaken(context.eventDeliveries.update(id, { claimedUntil }, { version }));
  if (!claimed) return "taken";
  try {
    await call(drain, kernel.events.subscribers.get(name)!, { claimed, tenantId });
  } catch (error) {
    return failed(drain, context, { claimed, error });
  }
  await unlessTaken(context.eventDeliveries.delete(id, { version: claimed.version }));
  return "delivered";
}

function call(
  { kernel, options }: Drain,
  subscriber: InstalledSubscriber,
  { claimed, tenantId }: { readonly claimed: DeliveryRecord; readonly tenantId: string },
): Promise<void> {
  const { deliverTimeoutMs } = options;
  const event = reviveEvent(kernel, claimed.event);
  const binding = { ...kernel.root, tenantId, actorId: event.actorId, plugin: subscriber.plugin };
  return withinTime(
    deliverTimeoutMs,
    () => subscriber.deliver(kernel.contextFor(binding) as never, event as never),
    () => {
      const message = `The subscriber has not ended within ${deliverTimeoutMs} ms.`;
      throw new CrmError("delivery_timeout", message, { details: { timeoutMs: deliverTimeoutMs } });
    },
  );
}

async function failed(
  { kernel, options }: Drain,
  context: KernelContext,
  { claimed, error }: { readonly claimed: DeliveryRecord; readonly error: unknown },
): Promise<Outcome> {
  const { maxAttempts, firstRetryMs, longestRetryMs } = options;
  const attempts = claimed.attempts + 1;
  const parked = attempts >= maxAttempts;
  const waitMs = Math.min(firstRetryMs * 2 ** (attempts - 1), longestRetryMs);
  const change = {
    attempts,
    status: parked ? "parked" : "pending",
    dueAt: new Date(kernel.clock() + waitMs),
    claimedUntil: null,
    lastError: storableWords(error),
  } as const;
  await unlessTaken(context.eventDeliveries.update(claimed.id, change, { version: claimed.version }));
  return parked ? "parked" : "failed";
}

/** Undefined where another drain has been quicker, or has taken over what this one held for too long. */
async function unlessTaken<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (CrmError.is(error, "stale_version") || CrmError.is(error, "not_found")) return undefined;
    throw error;
  }
}

function storableWords(error: unknown): string {
  return wordsOf(error)
    .slice(0, 2_000)
    .replace(/\0|\p{Surrogate}/gu, "\ufffd");
}

function checked(given: unknown): DrainOptions {
  const parsed = drainSchema.safeParse(given);
  if (!parsed.success) throw invalidInput("drain", inputIssues(parsed.error.issues, given));
  return parsed.data as DrainOptions;
}

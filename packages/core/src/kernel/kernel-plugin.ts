/** The kernel's own entities and what one can do with them, as a plugin that every CRM has. */
import { KERNEL } from "./entity/entity-schema.ts";
import { type DrainWith, deliveryOperations } from "./event/outbox.ts";
import { kernelEntities } from "./kernel-model.ts";
import { definePluginFor } from "./plugin/define-plugin.ts";
import { idempotencyKeyOperations } from "./unit-of-work/idempotency-keys.ts";

function defineKernel(drain: DrainWith) {
  return definePluginFor<readonly []>()({
    id: KERNEL,
    entities: kernelEntities,
    operations: (context) => ({
      eventDelivery: deliveryOperations(context, drain),
      idempotencyKey: idempotencyKeyOperations(context),
    }),
  });
}

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface KernelPlugin extends Named<ReturnType<typeof defineKernel>> {}
export const kernelPlugin = (drain: DrainWith): KernelPlugin => defineKernel(drain);

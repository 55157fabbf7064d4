/** The kernel's own entities and what one can do with them, as a plugin that every CRM has. */
import type { ShapesOf } from "./entity/model.ts";
import { delivery } from "./event/delivery.ts";
import { type DeliveryOperations, deliveryOperations } from "./event/outbox.ts";
import { definePluginFor, type PluginContext } from "./plugin/define-plugin.ts";
import { erasure } from "./repository/erasure.ts";

const entities = [delivery, erasure] as const;
export const KERNEL = "kernel";

export type KernelModel = ShapesOf<typeof entities>;
export type KernelContext = PluginContext<readonly [], [], typeof entities, {}, {}>;

function defineKernel(drain: DeliveryOperations["drain"]) {
  return definePluginFor<readonly []>()({
    id: KERNEL,
    entities,
    operations: (context) => ({ eventDelivery: deliveryOperations(context, drain) }),
  });
}

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface KernelPlugin extends Named<ReturnType<typeof defineKernel>> {}
export const kernelPlugin = (drain: DeliveryOperations["drain"]): KernelPlugin => defineKernel(drain);

/** The kernel's own entities, and what its own code sees of them. */
import type { ShapesOf } from "./entity/model.ts";
import { delivery } from "./event/delivery.ts";
import type { PluginContext } from "./plugin/define-plugin.ts";
import { erasure } from "./repository/erasure.ts";
import { merge } from "./repository/merge.ts";
import { idempotencyKey } from "./unit-of-work/idempotency-key.ts";

export const kernelEntities = [delivery, erasure, merge, idempotencyKey] as const;

export type KernelModel = ShapesOf<typeof kernelEntities>;
export type KernelContext = PluginContext<readonly [], [], typeof kernelEntities, {}, {}>;

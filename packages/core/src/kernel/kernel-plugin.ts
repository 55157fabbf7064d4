/** The kernel's own entities, as a plugin that every CRM has. */
import { definePluginFor } from "./plugin/define-plugin.ts";
import { erasure } from "./repository/erasure.ts";

const kernelPlugin = definePluginFor<readonly []>()({ id: "kernel", entities: [erasure] });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface KernelPlugin extends Named<typeof kernelPlugin> {}
export const kernel: KernelPlugin = kernelPlugin;

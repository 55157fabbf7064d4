/** The plugins that give the kernel what it asks for. */
import { pluginConflict } from "../entity/schema-errors.ts";
import type { PluginDefinition } from "./plugin.ts";
import type { Provided } from "./provided.ts";

/** Who gives what; undefined where no plugin does. */
export interface Providers {
  readonly rates: Provider<"rates"> | undefined;
  readonly calendar: Provider<"calendar"> | undefined;
}

interface Provider<P extends keyof Provided<never>> {
  readonly plugin: string;
  readonly give: Required<Provided<never>>[P];
}

/** @throws `plugin_conflict` where two plugins give the same. */
export function collectProviders(definitions: readonly PluginDefinition[]): Providers {
  const provider = <P extends keyof Provided<never>>(part: P): Provider<P> | undefined => {
    const [first, second] = definitions.flatMap(({ id: plugin, provides }): Provider<P>[] => {
      const give = provides?.[part];
      return give ? [{ plugin, give: give as Required<Provided<never>>[P] }] : [];
    });
    if (first && second)
      throw pluginConflict(`Plugins "${first.plugin}" and "${second.plugin}" both provide ${part}: there can be one.`, [
        first.plugin,
        second.plugin,
      ]);
    return first;
  };
  return { rates: provider("rates"), calendar: provider("calendar") };
}

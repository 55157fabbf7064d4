/** One database with several CRMs on it, as several processes have it. */
import type { Storage, StorageAdapter } from "@relata/core/adapter";

/** The adapter, which opens once and gives the same storage to all; `change` replaces members of it. */
export function sharedStorage(
  adapter: StorageAdapter,
  change: (sound: Storage) => Partial<Storage> = () => ({}),
): StorageAdapter {
  let opened: Promise<Storage> | undefined;
  return {
    name: adapter.name,
    open(options) {
      opened ??= adapter.open(options).then((sound) => ({ ...sound, ...change(sound) }));
      return opened;
    },
  };
}

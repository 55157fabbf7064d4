/** A migration whose steps follow from what exists: `Migrator.migrate` for any adapter that has `begin`. */
import type { Migrator } from "./storage-adapter.ts";

export function migrateAtOnce(begin: Migrator["begin"]): Migrator["migrate"] {
  return async (plan) => {
    const transaction = await begin();
    try {
      const steps = plan(await transaction.liveSchema());
      for (const step of steps) await transaction.apply(step);
      await transaction.commit();
      return steps;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  };
}

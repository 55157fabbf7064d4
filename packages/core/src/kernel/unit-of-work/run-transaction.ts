/** `transaction`: a unit as its caller asks for it, or inside of a unit a savepoint. */
import type { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import { loadedOnce } from "../loaded.ts";
import { ownUnit, type Retrying } from "../retry.ts";
import type { Frame } from "./frame.ts";
import { type Attempt, checkedUnitOptions, refuseNestedOptions } from "./unit-options.ts";

const once = loadedOnce(() => import("../later.ts"));

/** @throws `invalid_input` for options that are none, or that stand inside of a unit. */
export async function runTransaction<T>(
  place: Pick<Scope, "kernel" | "binding">,
  work: (frame: Frame, attempt: Attempt) => Promise<T>,
  given: unknown,
): Promise<T> {
  const { kernel, binding } = place;
  const asked = checkedUnitOptions(given);
  if (binding.frame) {
    refuseNestedOptions(asked);
    return kernel.units.run(binding.frame, (frame) => work(frame, { attempt: 1 }));
  }
  // What a plugin does for one call of its own operations.
  const isOwn = binding.plugin !== undefined && given === undefined;
  const { retries, idempotencyKey: key, ...options } = asked;
  return kernel.retry(
    async (attempt) => {
      const unit = (frame: Frame) => work(frame, { attempt });
      if (isOwn && attempt === 1) return kernel.units.own(binding.tenantId, unit);
      if (key === undefined) return kernel.units.run(undefined, unit, options);
      const { runOnce } = await once();
      return runOnce(place, unit, { key, options });
    },
    retryingOf(retries, binding.plugin),
  );
}

/** A plugin's operation is tried again like one of the SDK's own. */
function retryingOf(retries: number | undefined, plugin: string | undefined): Retrying {
  if (retries === undefined) return plugin === undefined ? { attempts: 1 } : ownUnit;
  return { attempts: retries + 1, when: isWorthAnother };
}

/** Also a version that the unit itself has read, and that somebody has changed since: it is read again with the rest. */
function isWorthAnother({ code, retryable }: CrmError): boolean {
  return retryable || code === "stale_version";
}

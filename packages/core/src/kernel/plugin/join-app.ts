/** The members by which a CRM joins the application's own database: `native` and `using`. */
import { CrmError } from "../../errors.ts";
import type { Binding, Kernel } from "../kernel.ts";
import { nativeUnavailable, usingUnavailable } from "../storage/storage-errors.ts";
import type { JoinedUnit } from "../unit-of-work/unit-of-work.ts";

/** What `handle.native()` gives: each of its statements goes through the unit that the handle stands in. */
export function nativeOf(kernel: Kernel, binding: Binding): unknown {
  const { capabilities } = kernel.storage;
  if (!capabilities.native) throw nativeUnavailable(kernel.storageName);
  if (binding.asOf !== undefined) {
    throw new CrmError(
      "native_unavailable",
      `native() sees what is there now, and this handle reads the past (as of ${new Date(binding.asOf).toISOString()}). Take native() from the handle that asOf() was called on.`,
      { details: { asOf: new Date(binding.asOf) } },
    );
  }
  if (binding.tenantBound && !capabilities.rowLevelSecurity) {
    throw new CrmError(
      "native_unavailable",
      `native() would see the rows of every tenant, and this handle is bound to "${binding.tenantId}". Take native() from the handle that as() was called on.`,
      { details: { tenantId: binding.tenantId } },
    );
  }
  return kernel.storage.native(async (statement) => {
    kernel.units.guard(binding.frame, "native");
    return kernel.units.session(binding.frame).execute(binding.tenantId, statement);
  });
}

/** The units that `using` has made and whose end is not known. */
export interface JoinedUnits {
  join(binding: Binding, transaction: unknown): JoinedUnit;
  /** Has `onError` told when the unit's handle is gone before its end is known. */
  watch(handle: object, unit: JoinedUnit): void;
  /** Has `onError` told of all that are left. */
  tellForgotten(): void;
}

export function createJoinedUnits(kernel: Kernel): JoinedUnits {
  const places = new Map<JoinedUnit, string>();
  const forgotten = (unit: JoinedUnit) => {
    const place = places.get(unit);
    if (place === undefined) return;
    places.delete(unit);
    unit.forgotten();
    kernel.onError(unitForgotten(place));
  };
  const collected = new FinalizationRegistry<JoinedUnit>(forgotten);

  return {
    join(binding, transaction) {
      if (binding.frame)
        throw usingUnavailable("this handle is inside of a unit already. Use the handle that you have.");
      const { stack } = new Error();
      const joined = kernel.units.join(kernel.storage.join(transaction));
      const unit: JoinedUnit = {
        frame: joined.frame,
        async committed() {
          await joined.committed();
          places.delete(unit);
        },
        async rolledBack() {
          await joined.rolledBack();
          places.delete(unit);
        },
        forgotten: joined.forgotten,
      };
      places.set(unit, callerIn(stack));
      return unit;
    },
    watch: (handle, unit) => collected.register(handle, unit),
    tellForgotten() {
      for (const unit of [...places.keys()]) forgotten(unit);
    },
  };
}

/** The line of a stack that stands above `using` itself: its message, `join`, the handle's member, and then whoever called it. */
function callerIn(stack: string | undefined): string {
  return stack?.split("\n")[3]?.trim() ?? "an unknown place";
}

function unitForgotten(place: string): CrmError {
  return new CrmError(
    "unit_forgotten",
    `A unit made by crm.using was told neither committed() nor rolledBack(), so nothing followed from its commit in this process. It was made ${place}.`,
    { details: { place } },
  );
}

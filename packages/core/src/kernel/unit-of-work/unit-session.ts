/** How statements go through a frame: one at a time, each failure noted. */
import type { Effect } from "../event/effect.ts";
import type { WriteStep } from "../storage/query.ts";
import type { LockMode, StorageSession } from "../storage/storage-adapter.ts";
import type { Frame } from "./frame.ts";
import { unitClosed, unitFailed } from "./unit-errors.ts";

/** Writes of records go another way: what follows from them is noted with them. */
export type UnitSession = Omit<StorageSession, "write">;

export interface Write {
  readonly tenantId: string;
  readonly steps: readonly WriteStep[];
  readonly effects: readonly Effect[];
}

/** Each statement in its turn. */
export function sessionOf(frame: Frame): UnitSession {
  return {
    find: (query, bindings) => inTurn(frame, async () => (await frame.session()).find(query, bindings)),
    aggregate: (query, bindings) => inTurn(frame, async () => (await frame.session()).aggregate(query, bindings)),
    traverse: (query, bindings) => inTurn(frame, async () => (await frame.session()).traverse(query, bindings)),
    execute: (tenantId, statement) =>
      inTurn(frame, async () => {
        const transaction = await frame.session();
        frame.noteWrite();
        return transaction.execute(tenantId, statement);
      }),
  };
}

/** What follows is noted in the same turn, so that it is there when the frame ends, whoever waits for the write. */
export function writeIn(frame: Frame, { tenantId, steps, effects }: Write): Promise<void> {
  return inTurn(frame, async () => {
    const { outgoing } = frame;
    if (outgoing?.tenantId === tenantId) {
      if (steps.length > 0) frame.noteWrite();
      outgoing.add(steps);
    } else if (steps.length > 0) {
      const transaction = await frame.session();
      frame.noteWrite();
      await transaction.write(tenantId, steps);
    }
    frame.note(effects);
  });
}

export interface Lock {
  readonly tenantId: string;
  readonly names: readonly string[];
  readonly mode?: LockMode;
  /** They need not be held before something is read or written. */
  readonly late?: boolean;
}

/** What the unit holds already is passed over. */
export function lockIn(frame: Frame, { tenantId, names, mode = "exclusive", late = false }: Lock): Promise<void> {
  return inTurn(frame, async () => {
    const { held } = frame;
    const isHeld = (name: string) => {
      const holds = held?.get(JSON.stringify([tenantId, name]));
      return holds === "exclusive" || holds === mode;
    };
    const wanted = names.filter((name) => !isHeld(name));
    if (wanted.length === 0) return;
    if (late && frame.outgoing?.tenantId === tenantId) frame.outgoing.lock({ names: wanted, mode });
    else await (await frame.session()).lock(tenantId, wanted, mode);
    for (const name of wanted) held?.set(JSON.stringify([tenantId, name]), mode);
  });
}

/** A statement that fails, fails the frame. */
export async function inTurn<T>(frame: Frame, statement: () => Promise<T>): Promise<T> {
  if (frame.closed) throw unitClosed("this call");
  const endTurn = await frame.turn();
  try {
    if (frame.closed) throw unitClosed("this call");
    if (frame.failure !== undefined) throw unitFailed(frame.failure);
    try {
      return await frame.during(statement);
    } catch (error) {
      frame.fail(error);
      throw error;
    }
  } finally {
    endTurn();
  }
}

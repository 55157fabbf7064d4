/** The server's clock, which all processes on a database share: this process's own, and how far the server's is ahead of it. */
import type { Sent } from "./postgres-connection.ts";
import type { Lease } from "./postgres-pool.ts";

export interface ServerClock {
  /** Milliseconds since 1970, whole ones. Never earlier than what it said before. */
  now(): number;
  /** So many milliseconds is the server's clock ahead, as it was just measured. */
  set(aheadMs: number): void;
  /** Asks the server, where the clock was set before and that is over a minute ago. */
  refresh(lease: Lease): Promise<void>;
}

const MEASURED_EVERY_MS = 60_000;
/** A measurement is wrong by half of its round trip at most: what has taken longer than this is no better than the one before. */
const LONGEST_ROUND_TRIP_MS = 1_000;

const ASK: Sent = { text: "select floor(extract(epoch from clock_timestamp()) * 1000)::bigint", values: [] };

export function createServerClock(): ServerClock {
  let aheadMs = 0;
  let measuredAt: number | undefined;
  let last = 0;
  return {
    now() {
      last = Math.max(last, Math.floor(Date.now() + aheadMs));
      return last;
    },
    set(measured) {
      aheadMs = measured;
      measuredAt = Date.now();
    },
    async refresh({ connection }) {
      const before = Date.now();
      // Own time that steps back is a reason, too.
      if (measuredAt === undefined || Math.abs(before - measuredAt) < MEASURED_EVERY_MS) return;
      // Not by every call that is made meanwhile.
      measuredAt = before;
      const [answer] = await connection.send({ kind: "find", tenantId: undefined }, [ASK]);
      const after = Date.now();
      if (after - before > LONGEST_ROUND_TRIP_MS) return;
      aheadMs = Number(answer!.rows[0]![0]) - (before + after) / 2;
    },
  };
}

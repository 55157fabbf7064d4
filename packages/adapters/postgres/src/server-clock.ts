/** The server's clock, which all processes on a database share: this process's own, and how far the server's is ahead of it. */
import { stopwatchMs } from "@relata/core/adapter";
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

/** Behind a pooler only a transaction waits for a session within the limit. */
const BEGIN: Sent = { text: "begin read only" };
const COMMIT: Sent = { text: "commit" };

export function createServerClock({ pooled = false }: { readonly pooled?: boolean } = {}): ServerClock {
  /** How far the server's clock is ahead of the stopwatch, which no change of this process's clock moves. */
  let aheadMs = 0;
  let measuredAt: number | undefined;
  let last = 0;
  return {
    now() {
      last = Math.max(last, Math.floor(stopwatchMs() + aheadMs));
      return last;
    },
    set(measured) {
      measuredAt = Date.now();
      aheadMs = measured + measuredAt - stopwatchMs();
    },
    async refresh({ connection }) {
      const before = Date.now();
      // Own time that steps back is a reason, too.
      if (measuredAt === undefined || Math.abs(before - measuredAt) < MEASURED_EVERY_MS) return;
      // Not by every call that is made meanwhile.
      measuredAt = before;
      const start = stopwatchMs();
      const statements = pooled ? [BEGIN, ASK, COMMIT] : [ASK];
      const answers = await connection.send({ kind: "find", tenantId: undefined }, statements);
      const end = stopwatchMs();
      if (end - start > LONGEST_ROUND_TRIP_MS) return;
      aheadMs = Number(answers[pooled ? 1 : 0]!.rows[0]![0]) - (start + end) / 2;
    },
  };
}

/** A library that one would take instead of Relata: what it is asked to do here. */
import type { Contestant } from "../../src/sales/contestant.ts";

export type Peer = Omit<Contestant, "board">;

/** Of a SQLite connection, as Relata's adapter has them. */
export const SETTINGS = [
  "journal_mode = wal",
  "synchronous = normal",
  "wal_autocheckpoint = 4000",
  "foreign_keys = on",
] as const;

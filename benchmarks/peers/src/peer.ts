/** A library that one would take instead of Relata: what it can be asked to do here. */
import type { Contestant, ContestantOptions } from "../../src/contestant.ts";

export type Peer = Omit<Contestant, "board">;
export type PeerOptions = ContestantOptions;

/** Of a SQLite connection, as Relata's adapter has them. */
export const SETTINGS = [
  "journal_mode = wal",
  "synchronous = normal",
  "wal_autocheckpoint = 4000",
  "foreign_keys = on",
] as const;

/** Statements: SQL text made by Kysely once, and where the value of each of its parameters comes from. */
import type { Bindings, Param, Storable } from "@relata/core/adapter";
import { type Dialect, DummyDriver, Kysely, type RawBuilder, sql } from "kysely";

export type Fragment = RawBuilder<unknown>;

/** What a statement is run with: the query's bindings and, for the rows of an include, the keys of their parents. */
export interface Values extends Bindings {
  readonly keys?: readonly Storable[];
}

/** Stands in a fragment where a value is to be bound. */
export interface Slot {
  read(values: Values): unknown;
}

/** `slots` are the parameters of `sql`, in order. */
export interface Statement {
  readonly sql: string;
  readonly slots: readonly Slot[];
}

export const tenantSlot: Slot = { read: (values) => values.tenantId };

export const keysSlot: Slot = { read: (values) => values.keys };

export function paramSlot(param: Param): Slot {
  return { read: (values) => values.params[param] };
}

/** A value computed from that of another slot, such as the end of a prefix. */
export function derivedSlot<T>(slot: Slot, derive: (value: T) => unknown): Slot {
  return { read: (values) => derive(slot.read(values) as T) };
}

/** A column of an answer by its place, for drivers that give rows as objects. */
export function named(value: Fragment, place: number): Fragment {
  return sql`${value} as ${sql.id(`c${place}`)}`;
}

/** Kysely with nothing behind it: it makes SQL text and runs none. */
export function createKysely(dialect: Omit<Dialect, "createDriver">): Kysely<unknown> {
  return new Kysely<unknown>({ dialect: { ...dialect, createDriver: () => new DummyDriver() } });
}

export function compileStatement(kysely: Kysely<unknown>, fragment: Fragment): Statement {
  const compiled = fragment.compile(kysely);
  return { sql: compiled.sql, slots: compiled.parameters as readonly Slot[] };
}

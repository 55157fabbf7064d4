/** What is in the CRM under the source's names: its id, and since when it is there. */

export interface Registered {
  readonly id: string;
  readonly createdAt: Date;
}

export interface Registry {
  has(name: string): boolean;
  /** Null stays null. Any other name is there: the source was checked before. */
  find(name: string | null): Registered | null;
  add(name: string, record: Registered): void;
}

export function createRegistry(): Registry {
  const records = new Map<string, Registered>();
  return {
    has: (name) => records.has(name),
    find: (name) => (name === null ? null : (records.get(name) ?? null)),
    add: (name, { id, createdAt }) => void records.set(name, { id, createdAt }),
  };
}

/** The first instant, not before `instant`, at which all of the records are there: references to them need that. */
export function notBefore(instant: Date, records: readonly (Registered | null)[]): Date {
  const times = records.map((record) => record?.createdAt.getTime() ?? 0);
  return new Date(Math.max(instant.getTime(), ...times));
}

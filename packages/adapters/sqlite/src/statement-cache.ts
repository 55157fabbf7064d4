/** Statements that were prepared, by their text. */

/**
 * Keeps the `limit` statements used last, and at most twice as many. Nearly every call is one look-up: what is used is not moved to
 * an end each time, but once for each generation of `limit` statements.
 */
export function createStatementCache<S>(limit: number, prepare: (sql: string) => S): (sql: string) => S {
  let young = new Map<string, S>();
  let old = new Map<string, S>();

  const keep = (sql: string): S => {
    const statement = old.get(sql) ?? prepare(sql);
    if (young.size >= limit) {
      old = young;
      young = new Map();
    }
    young.set(sql, statement);
    return statement;
  };
  return (sql) => young.get(sql) ?? keep(sql);
}

/** Behind a pooler a transaction waits for a session of the server's where it begins: for no longer than may be waited. */
import type { CrmError } from "@relata/core/adapter";
import type { Answer, Executor } from "./postgres-connection.ts";
import { noSession } from "./postgres-errors.ts";

export interface SessionWait {
  readonly database: string;
  readonly waitTimeoutMs: number;
  /** Cuts the connection, so that what was sent behind fails, and the pooler forgets who waits. */
  cut(error: CrmError): void;
}

/** The same executor, whose "begin …" fails with `unit_wait_timeout` when its answer does not come in time. */
export function sessionInTime(executor: Executor, { database, waitTimeoutMs, cut }: SessionWait): Executor {
  async function inTime(begun: Promise<Answer>): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = noSession(database, waitTimeoutMs);
        cut(error);
        reject(error);
      }, waitTimeoutMs);
    });
    try {
      return await Promise.race([begun, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    ...executor,
    together: undefined,
    run: (statement) =>
      statement.text.startsWith("begin") ? inTime(executor.run(statement)) : executor.run(statement),
  };
}

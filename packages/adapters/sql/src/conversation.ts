/** Several statements, each of which may depend on the rows of the one before, for drivers that answer at once or later. */
import type { Statement, Values } from "./statement.ts";

export interface Request {
  readonly statement: Statement;
  readonly values: Values;
}

/** Rows as the driver makes them: arrays that belong to the asker. */
export type RawRows = unknown[][];

/** Yields what is to be run and is given its rows, or the error thrown into it. */
export type Conversation<T> = Generator<Request, T, RawRows>;

/** Holds a conversation with a driver that answers at once. */
export function converse<T>(conversation: Conversation<T>, answer: (request: Request) => RawRows): T {
  let step = conversation.next();
  while (!step.done) {
    let rows: RawRows;
    try {
      rows = answer(step.value);
    } catch (error) {
      step = conversation.throw(error);
      continue;
    }
    step = conversation.next(rows);
  }
  return step.value;
}

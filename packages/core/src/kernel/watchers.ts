/** What the application watches with: a failure of its own changes nothing of what is watched. */
import { logError } from "./runtime.ts";
import type { ShowStatement } from "./storage/shown-statement.ts";

/** What is told of an error makes no other one. */
export function safeOnError(onError: (error: unknown) => void = logError): (error: unknown) => void {
  return (error) => {
    try {
      onError(error);
    } catch (another) {
      logError(error);
      logError(another);
    }
  };
}

export function safeOnQuery(show: ShowStatement | undefined): ShowStatement | undefined {
  if (typeof show !== "function") return undefined;
  return (statement) => {
    try {
      Promise.resolve(show(statement)).catch(() => {});
    } catch {
      // Its own failure is its own affair.
    }
  };
}

/** Pages of reports that depend on the instant at which one asks: what is late, what is planned. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { PipelinedContext } from "../pipeline/pipelined-context.ts";
import { whereField } from "./report-query.ts";

export interface WaitingQuery<W> {
  readonly where?: W;
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number;
  /** The `next` of the page before, of the same query. All pages answer as of the instant of the first one. */
  readonly after?: string | undefined;
}

export const waitingSchema = z.strictObject({
  ...whereField,
  limit: z.int().min(1).max(1_000).optional(),
  after: z.string().optional(),
});

/** The instant that was asked at first, in milliseconds, and the list's own cursor. */
const CURSOR = /^(\d{1,15})\.(.+)$/;

/** Loads a page as of now, or as of the instant in the cursor. @throws `invalid_cursor` */
export async function pageAt<T>(
  context: PipelinedContext,
  after: string | undefined,
  load: (now: Date, after: string | undefined) => Promise<Page<T>>,
): Promise<Page<T>> {
  const [, ms, cursor] = (after === undefined ? undefined : CURSOR.exec(after)) ?? [];
  if (after !== undefined && cursor === undefined)
    throw new CrmError("invalid_cursor", "The cursor is none of this report. Start again from the first page.");
  const now = ms === undefined ? context.now() : new Date(Number(ms));
  const page = await load(now, cursor);
  return { ...page, next: page.next && `${now.getTime()}.${page.next}` };
}

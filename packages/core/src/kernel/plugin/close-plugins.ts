/** The end of a CRM: every plugin is disposed of, the last first, and the storage is closed, whatever fails in between. */
import { CrmError } from "../../errors.ts";
import { wordsOf } from "../thrown.ts";
import { createTimeLimit } from "../time-limit.ts";
import type { InstalledPlugin } from "./installed-plugin.ts";

interface Closing {
  readonly plugins: readonly InstalledPlugin[];
  readonly contextOf: (plugin: string) => object;
  readonly closeStorage: () => Promise<void>;
  /** How long one plugin may take. */
  readonly timeoutMs: number;
}

/** Later calls give the result of the first. */
export function createClose(closing: Closing): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= closeAll(closing);
    return closed;
  };
}

async function closeAll({ plugins, contextOf, closeStorage, timeoutMs }: Closing): Promise<void> {
  const failures: { readonly plugin: string; readonly cause: unknown }[] = [];
  const inTime = createTimeLimit(timeoutMs);
  for (const { id, dispose } of [...plugins].reverse()) {
    if (!dispose) continue;
    try {
      await inTime(
        async () => dispose(contextOf(id) as never),
        () => Promise.reject(new Error(`it did not end within ${timeoutMs} ms.`)),
      );
    } catch (cause) {
      failures.push({ plugin: id, cause });
    }
  }
  await closeStorage();
  const [first] = failures;
  if (!first) return;
  const more = failures.length > 1 ? ` So did ${failures.length - 1} more: see details.plugins.` : "";
  throw new CrmError(
    "dispose_failed",
    `Plugin "${first.plugin}" failed while it was disposed of: ${wordsOf(first.cause)}${more} The storage is closed.`,
    { details: { plugin: first.plugin, plugins: failures.map(({ plugin }) => plugin) }, cause: first.cause },
  );
}

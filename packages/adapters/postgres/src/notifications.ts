/** Hints from process to process, by NOTIFY and LISTEN on a channel that the schema and the prefix name. */
import { randomUUID } from "node:crypto";
import { createHints, type Storage } from "@relata/core/adapter";
import { createListener, type Listener, type MakeListeningClient } from "./listener.ts";
import { fingerprint, type Namespace } from "./namespace.ts";
import type { OutsideCalls } from "./outside-calls.ts";

export interface Notifications extends Pick<Storage, "hint" | "onHint"> {
  /** Hears nothing any more. Idempotent. */
  close(): Promise<void>;
}

export interface NotificationOptions {
  readonly ask: OutsideCalls["ask"];
  readonly namespace: Namespace;
  /** For listening; undefined where other processes cannot be heard. */
  readonly makeClient: MakeListeningClient | undefined;
}

/**
 * The listeners of this process are told by the call itself, and once; those of others through the server. What the call has told them
 * travels outside of any unit, for all hints that come while another one is on its way.
 */
export function createNotifications({ ask, namespace, makeClient }: NotificationOptions): Notifications {
  const own = createHints();
  const channel = `relata_${fingerprint(JSON.stringify([namespace.schema, namespace.prefix])).slice(0, 24)}`;
  const sender = randomUUID();
  const statement = { text: "select pg_catalog.pg_notify($1, $2)", values: [channel, sender] };
  let telling = false;
  let again = false;
  let closed = false;
  let listener: Listener | undefined;

  async function tellOthers(): Promise<void> {
    telling = true;
    do {
      again = false;
      // By contract nobody depends on a hint: one that cannot be sent is lost.
      await ask(statement).catch(() => {});
    } while (again && !closed);
    telling = false;
  }

  return {
    hint() {
      own.hint();
      if (closed) return;
      if (telling) again = true;
      else void tellOthers();
    },
    onHint(call) {
      if (makeClient && !closed) {
        listener ??= createListener({
          makeClient,
          channel,
          onListening: own.hint,
          onMessage: (from) => {
            if (from !== sender) own.hint();
          },
        });
      }
      return own.onHint(call);
    },
    async close() {
      closed = true;
      await listener?.close();
    },
  };
}

/** The last hop of events: to the listeners in this process. The only user of eventemitter3. */
import { EventEmitter } from "eventemitter3";
import { CrmError } from "../../errors.ts";
import { wordsOf } from "../thrown.ts";
import type { PendingEvent } from "./effect.ts";
import type { CrmEvent } from "./event.ts";

export interface EventBus {
  /** The result stops the listener. */
  on(name: string, listener: (event: CrmEvent) => unknown): () => void;
  hasListener(name: string): boolean;
  /** Whether nobody listens to anything. */
  readonly isSilent: boolean;
  /** Calls every listener, in the order in which they came. Never throws. */
  send(event: PendingEvent): void;
}

/** What a listener throws, or rejects with, is told to `onError` and stops no other. */
export function createEventBus(onError: (error: unknown) => void): EventBus {
  const emitter = new EventEmitter<Record<string, [PendingEvent]>>();
  return {
    on(name, listener) {
      const failed = (error: unknown) => onError(listenerFailed(name, error));
      const call = (event: PendingEvent) => {
        try {
          const result = listener(event.make());
          if (isThenable(result)) Promise.resolve(result).catch(failed);
        } catch (error) {
          failed(error);
        }
      };
      emitter.on(name, call);
      return () => void emitter.off(name, call);
    },
    get isSilent() {
      return emitter.eventNames().length === 0;
    },
    hasListener: (name) => emitter.listenerCount(name) > 0,
    send: (event) => void emitter.emit(event.name, event),
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value;
}

function listenerFailed(event: string, cause: unknown): CrmError {
  return new CrmError("listener_failed", `A listener of ${event} has thrown: ${wordsOf(cause)}`, {
    details: { event },
    cause,
  });
}

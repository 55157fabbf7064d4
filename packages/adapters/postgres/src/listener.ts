/** A connection that only listens, and comes back when it is lost. */

/** What is used of a client of `pg` for listening. */
export interface ListeningClient {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  end(): Promise<void>;
  on(event: "notification", listener: (message: { readonly payload?: string | undefined }) => void): unknown;
  on(event: "error" | "end", listener: () => void): unknown;
  /** Whether the connection keeps the process alive: from the first on, unless said. */
  ref?(): void;
  unref?(): void;
}

export type MakeListeningClient = () => ListeningClient;

export interface ListenerOptions {
  readonly makeClient: MakeListeningClient;
  /** A name that needs no quotes. */
  readonly channel: string;
  /** Told whenever the connection listens from now on: what came before it was not heard. */
  onListening(): void;
  onMessage(payload: string | undefined): void;
}

export interface Listener {
  /** Waits until the connection is closed, where it stands. Idempotent. */
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** Connects at once, and again after pauses that double as long as it cannot be. Keeps no process alive. */
export function createListener({ makeClient, channel, onListening, onMessage }: ListenerOptions): Listener {
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let listening: ListeningClient | undefined;
  let closed = false;

  const again = () => {
    if (closed) return;
    timer = setTimeout(() => void listen(), pauseMs);
    timer.unref();
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  };

  async function listen(): Promise<void> {
    let client: ListeningClient;
    try {
      client = makeClient();
    } catch {
      // What a client is made with may be files, which come and go.
      return again();
    }
    let over = false;
    const lost = () => {
      if (over) return;
      over = true;
      if (listening === client) listening = undefined;
      // It is broken: there is nothing to be told of its end.
      client.end().catch(() => {});
      again();
    };
    client.on("error", lost);
    client.on("end", lost);
    client.on("notification", ({ payload }) => {
      if (!closed) onMessage(payload);
    });
    client.unref?.();
    try {
      await client.connect();
      client.unref?.();
      await client.query(`listen ${channel}`);
    } catch {
      return lost();
    }
    if (closed || over) return lost();
    listening = client;
    pauseMs = FIRST_PAUSE_MS;
    onListening();
  }

  void listen();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      const client = listening;
      listening = undefined;
      // Until it is closed it does keep the process alive: somebody waits for it.
      client?.ref?.();
      await client?.end();
    },
  };
}

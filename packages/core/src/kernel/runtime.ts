/** The few things that the kernel takes from whatever runs it: Node, a browser, an edge runtime. */

interface Runtime {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  readonly console?: { error(error: unknown): void };
  readonly performance: { now(): number };
  btoa(bytes: string): string;
  atob(base64: string): string;
  readonly crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };
  readonly process?: { getBuiltinModule?(id: "node:async_hooks"): { AsyncLocalStorage: new () => AsyncStore<never> } };
}

/** The part of Node's AsyncLocalStorage that the unit-of-work guard uses. */
export interface AsyncStore<T> {
  run<R>(value: T, work: () => R): R;
  getStore(): T | undefined;
}

const runtime = globalThis as unknown as Runtime;

/** Runs `work` after `ms`; the result stops it. */
export function later(ms: number, work: () => void): () => void {
  const timer = runtime.setTimeout(work, ms);
  return () => runtime.clearTimeout(timer);
}

/** The same, and the wait does not keep the process alive. */
export function inBackground(ms: number, work: () => void): () => void {
  const timer = startTimer(ms, work);
  timer.unref?.();
  return () => runtime.clearTimeout(timer);
}

/** Where the runtime has a say in it, a timer keeps the process alive until it is `unref`, and again from `ref` on. */
export interface Timer {
  ref?(): void;
  unref?(): void;
}

/** Runs `work` after `ms`. */
export function startTimer(ms: number, work: () => void): Timer {
  return runtime.setTimeout(work, ms) as Timer;
}

/** The application's log, where nobody has said otherwise. */
export function logError(error: unknown): void {
  runtime.console?.error(error);
}

/** Milliseconds from some fixed point, for measuring how long something takes. */
export function stopwatchMs(): number {
  return runtime.performance.now();
}

/** Of a text with one character for each byte. */
export function toBase64(bytes: string): string {
  return runtime.btoa(bytes);
}

/** The text that `toBase64` took. @throws for what is not base64. */
export function fromBase64(base64: string): string {
  return runtime.atob(base64);
}

export function randomBytes(length: number): Uint8Array {
  return runtime.crypto.getRandomValues(new Uint8Array(length));
}

/** Undefined where the runtime has no asynchronous context: there the guard that needs it falls back to waiting. */
export function createAsyncStore<T>(): AsyncStore<T> | undefined {
  const hooks = runtime.process?.getBuiltinModule?.("node:async_hooks");
  return hooks ? (new hooks.AsyncLocalStorage() as AsyncStore<T>) : undefined;
}

/** How long work is followed and stopped, wherever the SDK does any. */

/** What is used of an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  /** @throws the reason for which it was aborted */
  throwIfAborted(): void;
}

export interface LongWork<Progress> {
  /** Called after each step. What it throws ends the work, as an abort does. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Once it is aborted, the work ends before its next step, and fails with the signal's reason; what its steps have stored stays. */
  readonly signal?: AbortSignalLike | undefined;
}

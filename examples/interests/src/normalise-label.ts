/** How labels are written: in lower case, with single spaces. */

interface Proposed {
  readonly input: { readonly label?: string };
}

export function normalised(label: string): string {
  return label.trim().replace(/\s+/g, " ").toLowerCase();
}

/** A `before` hook on interests: a patch for each that brings a label. */
export async function normaliseLabels(_context: unknown, batch: readonly Proposed[]) {
  return batch.map(({ input: { label } }) => (label === undefined ? undefined : { label: normalised(label) }));
}

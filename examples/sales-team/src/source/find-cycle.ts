/** The first name from which following `parentOf` comes back to itself; undefined in a proper tree. */
export function findCycle(names: Iterable<string>, parentOf: (name: string) => string | null): string | undefined {
  const settled = new Set<string>();
  for (const start of names) {
    const path = new Set<string>();
    for (let name: string | null = start; name !== null && !settled.has(name); name = parentOf(name)) {
      if (path.has(name)) return name;
      path.add(name);
    }
    for (const name of path) settled.add(name);
  }
  return undefined;
}

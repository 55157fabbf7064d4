/** Saves records so that a second import finds them: what is new is dated in the past, what has changed is dated now. */
import { notBefore, type Registered, type Registry } from "./registry.ts";
import { emptyTally, type Tally, tallyOf } from "./tally.ts";

export interface Save<Input> {
  /** By the source's name of each record. */
  readonly inputs: ReadonlyMap<string, Input>;
  readonly registry: Registry;
  /** New records are dated so, or as soon after as everything in `references` is there. */
  readonly since: Date;
  readonly references?: readonly (Registered | null)[];
  create(at: Date, inputs: readonly Input[]): Promise<readonly Registered[]>;
  upsert(inputs: readonly Input[]): Promise<readonly { readonly status: "created" | "updated" | "unchanged" }[]>;
}

export async function save<Input>(request: Save<Input>): Promise<Tally> {
  const { inputs, registry, since, references = [] } = request;
  const added = [...inputs].filter(([name]) => !registry.has(name));
  const known = [...inputs].filter(([name]) => registry.has(name));
  const results = known.length === 0 ? [] : await request.upsert(known.map(([, input]) => input));
  if (added.length > 0) {
    const created = await request.create(
      notBefore(since, references),
      added.map(([, input]) => input),
    );
    for (const [index, [name]] of added.entries()) registry.add(name, created[index] as Registered);
  }
  return { ...emptyTally, ...tallyOf(results), created: added.length };
}

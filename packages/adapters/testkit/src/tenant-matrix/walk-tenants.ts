/**
 * Walks everything that a handle offers, with the ids of another tenant: each answer must be, byte for byte, the one for ids that
 * nobody has; no word of the other tenant may be in it; and the other tenant's records must stay as they are.
 */
import type { StorageSchema } from "@relata/core/adapter";
import { answersOf, answersUndone, type Call, type Ids } from "./answers.ts";
import { type EntityMembers, entitiesOf, type LooseCrm, memberNames, memberOf, repositoryOf } from "./loose-crm.ts";
import { argumentsFor, repositoryProbes } from "./repository-probes.ts";

/** Calls that ask for what has these ids. `crm` is a handle of a tenant that has nothing of it. */
export type Probe<C> = (crm: C, ids: Ids) => readonly Call[];
/** By member ("as"), or by member and method ("opportunities.moveTo"). A text says why there is nothing to ask. */
export type Probes<C> = { readonly [member: string]: Probe<C> | string };

export interface Walk {
  readonly crm: LooseCrm;
  readonly schema: StorageSchema;
  /** How many statements were sent that may have written: `Watched.writes`. */
  writes(): number;
  /** Fills a tenant with a record of every entity at least. Every text and id of the application's own begins with `word`. */
  populate(crm: LooseCrm, word: string): Promise<void>;
  /** Every member that is no repository, every operation, and every service. */
  readonly probes: Probes<LooseCrm>;
}

const CANARY = "canary";

/** What is wrong, a line for each; nothing, when the tenants do not meet. */
export async function walkTenants(walk: Walk): Promise<readonly string[]> {
  const tenant = async (word: string) => {
    const handle = walk.crm.as({ tenantId: `${word}-tenant`, actorId: `${word}-actor` });
    await walk.populate(handle, word);
    return handle;
  };
  const entities = await entitiesOf(walk.crm, walk.schema);
  const owner = await tenant(CANARY);
  const before = await recordsOf(owner, entities);
  const lacking = entities.filter(({ entity }) => before.get(entity)!.length === 0);
  if (lacking.length > 0) return lacking.map(({ plural }) => `${plural}: populate makes no record`);
  const parties: Parties = { owner, other: await tenant("other"), stranger: await tenant("stranger") };
  const ids = { theirs: idsOf(before), nobodys: nobodysIds(entities) };
  const problems = [
    ...(await walkRepositories(entities, parties, ids)),
    ...(await walkMembers(walk, entities, { ids, tenant })),
  ];
  const after = await recordsOf(owner, entities);
  for (const { entity, plural } of entities) {
    if (JSON.stringify(after.get(entity)) !== JSON.stringify(before.get(entity)))
      problems.push(`${plural} of another tenant have changed`);
  }
  return problems;
}

interface Parties {
  readonly owner: LooseCrm;
  /** A second tenant with records of its own. */
  readonly other: LooseCrm;
  /** Who asks. It has records of its own as well. */
  readonly stranger: LooseCrm;
}

interface Asked {
  readonly theirs: Ids;
  readonly nobodys: Ids;
}

async function walkRepositories(
  entities: readonly EntityMembers[],
  { owner, other, stranger }: Parties,
  ids: Asked,
): Promise<string[]> {
  const problems: string[] = [];
  const blind = new Set(entities.flatMap(({ methods }) => methods.filter((method) => repositoryProbes[method])));
  const walkable = entities.some((members) => argumentsFor(members, ids.theirs).edges.length > 0);
  if (!walkable) blind.delete("traverse");
  // From an id to itself there is a path of no steps, whoever asks.
  blind.delete("path");
  // What these make of their input they make without the storage.
  blind.delete("fromJson");
  blind.delete("cursorAfter");
  for (const members of entities) {
    const { plural } = members;
    const cursors = { theirs: await cursorOf(owner, plural), nobodys: await cursorOf(other, plural) };
    for (const method of members.methods) {
      const probe = repositoryProbes[method];
      if (!probe) continue;
      const ask = (crm: LooseCrm, whose: keyof Asked) =>
        answersUndone(
          crm,
          (tx) => {
            const given = { ...argumentsFor(members, ids[whose]), cursor: cursors[whose] };
            return probe({ ...given, repository: repositoryOf(tx, plural) });
          },
          ids[whose],
        );
      const nobodys = await ask(stranger, "nobodys");
      problems.push(...leaksOf(`${plural}.${method}`, await ask(stranger, "theirs"), nobodys));
      // Of one entity is enough.
      if (blind.has(method) && differs(await ask(owner, "theirs"), nobodys)) blind.delete(method);
    }
  }
  for (const method of blind) problems.push(`${method}: its probe asks for nothing that even the owner would get`);
  return problems;
}

interface Strangers {
  readonly ids: Asked;
  tenant(word: string): Promise<LooseCrm>;
}

/**
 * These calls are no part of a unit that is undone. What only reads leaves its tenants as they were, and the next member is asked by them; what
 * sends anything that may write is followed by new ones.
 */
async function walkMembers(
  { crm, probes, writes }: Walk,
  entities: readonly EntityMembers[],
  { ids, tenant }: Strangers,
): Promise<string[]> {
  const problems: string[] = [];
  let asking = 0;
  // The owner has been filled: a storage that has shown nothing of it would not show what a member writes either.
  const isShown = writes() > 0;
  let pair: { readonly a: LooseCrm; readonly b: LooseCrm; readonly writes: number } | undefined;
  for (const name of membersToProbe(crm, entities, probes)) {
    const probe = Object.hasOwn(probes, name) ? probes[name]! : undefined;
    if (probe === undefined) problems.push(`${name} has no probe`);
    if (probe === undefined || typeof probe === "string") continue;
    if (!isShown || pair?.writes !== writes()) {
      const word = `asking${++asking}`;
      pair = { a: await tenant(`${word}-a`), b: await tenant(`${word}-b`), writes: writes() };
    }
    const theirs = await answersOf(probe(pair.a, ids.theirs), ids.theirs);
    const nobodys = await answersOf(probe(pair.b, ids.nobodys), ids.nobodys);
    const plain = (answers: readonly string[]) =>
      answers.map((answer) => answer.replaceAll(/asking\d+-[ab]/g, "asking"));
    problems.push(...leaksOf(name, plain(theirs), plain(nobodys)));
  }
  return problems;
}

/** Operations beside repositories, and all that is no repository: by its methods, where it has no probe as a whole. */
function membersToProbe(crm: LooseCrm, entities: readonly EntityMembers[], probes: Probes<LooseCrm>): string[] {
  const plurals = new Set(entities.map(({ plural }) => plural));
  const operations = entities.flatMap(({ plural, methods }) =>
    methods.filter((method) => !repositoryProbes[method]).map((method) => `${plural}.${method}`),
  );
  const others = memberNames(crm)
    .filter((name) => !plurals.has(name))
    .flatMap((name) => {
      if (Object.hasOwn(probes, name)) return [name];
      const member = memberOf(crm, name);
      return typeof member === "object" && member !== null
        ? Object.keys(member).map((key) => `${name}.${key}`)
        : [name];
    });
  return [...operations, ...others];
}

function leaksOf(name: string, theirs: readonly string[], nobodys: readonly string[]): string[] {
  const problems = theirs.flatMap((answer, i) => [
    ...(answer === nobodys[i] ? [] : [`${name} tells in its call ${i + 1}: ${answer} and not ${nobodys[i]}`]),
    ...(answer.includes(CANARY) ? [`${name} gives another tenant's words in its call ${i + 1}: ${answer}`] : []),
  ]);
  return theirs.length === nobodys.length && theirs.length > 0 ? problems : [...problems, `${name} asks for nothing`];
}

function differs(answers: readonly string[], others: readonly string[]): boolean {
  return answers.some((answer, i) => answer !== others[i]);
}

type Records = ReadonlyMap<string, readonly { readonly id: string }[]>;

async function recordsOf(crm: LooseCrm, entities: readonly EntityMembers[]): Promise<Records> {
  const records = new Map<string, readonly { readonly id: string }[]>();
  for (const { entity, plural } of entities) {
    const query = { archived: "include", limit: 1_000 };
    const { items } = (await repositoryOf(crm, plural).list!(query)) as { readonly items: readonly { id: string }[] };
    records.set(entity, items);
  }
  return records;
}

function idsOf(records: Records): Ids {
  return Object.fromEntries([...records].map(([entity, [first]]) => [entity, first!.id]));
}

/** Of the kind that each entity has, and of no record. */
function nobodysIds(entities: readonly EntityMembers[]): Ids {
  return Object.fromEntries(
    entities.map(({ entity, table }, i) => {
      const uuid = table.columns.find(({ name }) => name === "id")!.kind === "uuid";
      const number = String(i).padStart(4, "0");
      return [entity, uuid ? `0190a5b2-${number}-7000-8000-000000000000` : `nobody-${number}`];
    }),
  );
}

async function cursorOf(crm: LooseCrm, plural: string): Promise<string | undefined> {
  const page = (await repositoryOf(crm, plural).list!({ limit: 1 })) as { readonly next: string | undefined };
  return page.next;
}

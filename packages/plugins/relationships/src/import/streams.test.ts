import { expect, it } from "vitest";
import { onEveryStorage, openCrm, refusal, type TestedCrm, thingsOf } from "../relationships-fixture.ts";

const friends = {
  columns: { from: "a", to: "b" },
  from: { entity: "contact" },
  to: { entity: "contact" },
  type: "acquaintance",
} as const;

/** The text in pieces of some characters, as bytes where it is odd. */
function* pieces(text: string, size: number): Generator<string | Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  if (size % 2 === 1) for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  else for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function pairs(crm: TestedCrm, count: number) {
  const people = await crm.contacts.createMany(Array.from({ length: count + 1 }, (_, i) => ({ givenName: `P${i}` })));
  return people.slice(1).map(({ id }, at) => ({ a: people[at]!.id, b: id }));
}

onEveryStorage((open) => {
  it("imports rows, CSV and JSON as they come, and tells the same as of the whole", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Anna, Ben, Çleo");
    const ends = `${thing.Anna!.id},${thing.Ben!.id}`;
    const csv = `\ufeffa,b,notes,role\r\n${ends},"two\r\nlines, ""quoted"" é",Knows\n${ends},,knows\r${thing.Ben!.id},${thing.Anna!.id},x,Knows\r\n\r\n${thing.Anna!.id},nobody,,Knows\n${ends},short\n`;
    const { type: _, ...options } = friends;
    const whole = await crm.relationships.importRelationships({ csv }, { ...options, dryRun: true });
    expect(whole.findings.map(({ row, line, problem, of }) => [row, line, problem, of])).toEqual([
      ...[
        [1, 4, "double", 0],
        [2, 5, "mirror", 0],
        [3, 7, "unknown_thing", undefined],
        [4, 8, "invalid", undefined],
      ],
    ]);
    const rows = [
      { a: thing.Anna!.id, b: thing.Ben!.id, notes: 'two\r\nlines, "quoted" é', role: "Knows" },
      { a: thing.Anna!.id, b: thing.Ben!.id, role: "knows" },
    ];
    const list = JSON.stringify(rows);
    for (const size of [1, 2, 7, 64]) {
      const streamed = await crm.relationships.importRelationships(
        { csv: pieces(csv, size) },
        { ...options, dryRun: true },
      );
      expect(streamed).toEqual(whole);
      const json = await crm.relationships.importRelationships(
        { json: pieces(` \ufeff${list}`, size) },
        { ...options, dryRun: true },
      );
      expect(json).toMatchObject({ rows: 2, created: 1, doubles: 1 });
    }
    async function* each() {
      yield* rows;
    }
    expect(await crm.relationships.importRelationships(each(), options)).toMatchObject({
      rows: 2,
      created: 1,
      doubles: 1,
    });
    expect(await crm.relationships.importRelationships({ rows: new Set(rows) }, options)).toMatchObject({
      unchanged: 1,
    });
    expect((await crm.relationships.list()).items[0]?.notes).toBe('two\r\nlines, "quoted" é');
  });

  it("knows mirrors and doubles however far apart they are, tells findings as it finds them, and progress", async () => {
    const crm = await open();
    const told = await pairs(crm, 1_500);
    async function* rows() {
      yield* told;
      yield* told.map(({ a, b }) => ({ a: b, b: a }));
      yield* told.toReversed();
    }
    const [found, progress]: [string[], object[]] = [[], []];
    const report = await crm.relationships.importRelationships(rows(), {
      ...{ ...friends, unitSize: 1_000, onProgress: (each) => void progress.push(each) },
      onFinding: ({ problem, row, of }) => void found.push(`${problem} ${row} ${of}`),
    });
    expect(report).toMatchObject({ rows: 4_500, created: 1_500, mirrors: 1_500, doubles: 1_500, findings: [] });
    expect([found.length, found[0], found.at(-1)]).toEqual([3_000, "mirror 1500 0", "double 4499 0"]);
    expect(progress).toEqual([
      ...[
        { done: 1_000, read: 1_000, rows: undefined },
        { done: 1_500, read: 2_000, rows: undefined },
      ],
      ...[
        { done: 2_500, read: 3_000, rows: undefined },
        { done: 3_500, read: 4_000, rows: undefined },
      ],
      ...[
        { done: 4_000, read: 4_500, rows: undefined },
        { done: 4_500, read: 4_500, rows: undefined },
      ],
    ]);
  });

  it("stops when it is aborted: what its units have stored stays, and again it goes on; a whole is undone", async () => {
    const crm = await open();
    const rows = await pairs(crm, 30);
    const aborting = (after: number) => {
      const controller = new AbortController();
      let units = 0;
      const onProgress = () => {
        if (++units === after) controller.abort(new Error("enough"));
      };
      return { ...friends, unitSize: 10, signal: controller.signal, onProgress };
    };
    expect((await refusal(crm.relationships.importRelationships(rows, aborting(2)))).message).toBe("enough");
    expect(await crm.relationships.count()).toBe(20);
    const whole = { ...aborting(1), choices: { refused: "reject" } } as const;
    expect((await refusal(crm.relationships.importRelationships(rows, { ...whole, source: "again" }))).message).toBe(
      "enough",
    );
    expect(await crm.relationships.count()).toBe(20);
    expect(await crm.relationships.importRelationships(rows, friends)).toMatchObject({ created: 10, unchanged: 20 });
    const before = { ...friends, signal: AbortSignal.abort() };
    expect((await refusal(crm.relationships.importRelationships(rows, before))).message).toMatch("aborted");
  });
});

it("closes a source that it does not read to its end", async () => {
  const crm = await openCrm();
  const rows = await pairs(crm, 3);
  let closed = 0;
  async function* endless() {
    try {
      for (;;) yield* rows;
    } finally {
      closed += 1;
    }
  }
  const controller = new AbortController();
  const stopping = { ...friends, signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) };
  expect((await refusal(crm.relationships.importRelationships(endless(), stopping))).message).toBe("enough");
  async function* broken() {
    yield "a,b\n";
    throw new Error("the line was cut");
  }
  expect((await refusal(crm.relationships.importRelationships({ csv: broken() }, friends))).message).toBe(
    "the line was cut",
  );
  expect(closed).toBe(1);
});

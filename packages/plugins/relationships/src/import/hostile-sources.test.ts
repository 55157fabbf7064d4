import { expect, it } from "vitest";
import { openCrm, refusal, thingsOf } from "../relationships-fixture.ts";
import type { ImportOptions, ImportSource } from "./import-options.ts";

const friends = { from: { entity: "contact" }, to: { entity: "contact" }, type: "acquaintance" } as const;

async function opened() {
  const crm = await openCrm();
  const { thing } = await thingsOf(crm, "Anna, Ben");
  const ends = `${thing.Anna!.id},${thing.Ben!.id}`;
  const row = { from: thing.Anna!.id, to: thing.Ben!.id };
  const imported = (source: ImportSource, more: ImportOptions = {}) =>
    crm.relationships.importRelationships(source, { ...friends, ...more });
  const refused = async (source: ImportSource, more?: ImportOptions) => {
    const { code, message } = await refusal(imported(source, more));
    expect([code, await crm.relationships.count()]).toEqual(["invalid_input", 0]);
    return message;
  };
  return { crm, thing, ends, row, imported, refused };
}

it("refuses CSV that is none, naming the line, and stores nothing", async () => {
  const { ends, refused } = await opened();
  expect(await refused({ csv: `from,to\n${ends}\n"a"b,c` })).toMatch("csv is broken in the row that begins on line 3");
  expect(await refused({ csv: `from,to\n${ends}\n"a,b` })).toMatch("csv is broken in the row that begins on line 3");
  expect(await refused({ csv: `${ends}\n${ends}` })).toMatch('csv has no column "from", "to", but "');
  expect(await refused({ csv: `from;to\n${ends}` })).toMatch('csv has no column "from", "to", but "from;to"');
  expect(await refused({ csv: `from,to\n${ends}` }, { columns: { notes: "Bemerkung" } })).toMatch(
    'no column "Bemerkung"',
  );
  expect(await refused({ csv: `from,to, from\n${ends}` })).toMatch('csv has the column "from" twice');
  expect(await refused({ csv: "\ufeff\r\n\r\n" })).toMatch("csv is empty");
  expect(await refused({ csv: [new TextEncoder().encode("from,to\n"), new Uint8Array([0xe9, 0x2c])] })).toMatch(
    "csv is not UTF-8",
  );
  expect(await refused({ csv: new Uint8Array([0xff, 0xfe, 0x66, 0]) })).toMatch("csv is not UTF-8");
  expect(await refused({ csv: [7] as never })).toMatch("csv must be text");
  expect(await refused({ csv: "from,to", delimiter: ",," })).toMatch("delimiter must be one character");
  const endless = function* () {
    yield `from,to\n"`;
    for (;;) yield "x".repeat(1_048_576);
  };
  expect(await refused({ csv: endless() })).toMatch("which begins on line 2: close its quotes");
});

it("takes cells of CSV as text, whatever they look like, and tells of those that are too long without repeating them", async () => {
  const { crm, ends, imported } = await opened();
  const long = "x".repeat(1_000_000);
  const notes = `=HYPERLINK("http://evil.example","+1") ‮\u0007e\u0301`;
  const csv = `__proto__,constructor,from,to,notes,role\n1,2,${ends},"${notes.replaceAll('"', '""')}",\n1,2,${ends},,${long}\n1,2,${long},b,,\n`;
  const report = await imported({ csv });
  expect(report.findings.map(({ row, problem, field, message }) => [row, problem, field, message])).toEqual([
    [1, "invalid", "role", "has 1000000 characters: 10000 are the most"],
    [2, "invalid", "from", "has 1000000 characters: 10000 are the most"],
  ]);
  expect(JSON.stringify(report).length).toBeLessThan(3_000);
  const tooLong = await imported({ csv: `from,to,notes\n${ends},${long}` }, { type: "mention" });
  expect(tooLong.findings).toMatchObject([{ problem: "refused", field: "notes" }]);
  expect((await crm.relationships.list()).items.map((edge) => edge.notes)).toEqual([notes.normalize("NFC")]);
});

it("refuses JSON that is none, whole or as a stream, and stores nothing", async () => {
  const { refused, imported, row } = await opened();
  const both = async (text: string) => {
    const [whole, streamed] = [await refused({ json: text }), await refused({ json: [text] })];
    return [whole, streamed].map((message) => message.replace(/^invalid_input: /, "")).join(" | ");
  };
  expect(await both(`[${JSON.stringify(row)}`)).toMatch(/json is no JSON: .* \| .*json is no JSON: /);
  expect(await both(`[${JSON.stringify(row)}] x`)).toMatch(/json is no JSON: .* \| .*json is no JSON: /);
  expect(await both(`[${JSON.stringify(row)} 7]`)).toMatch(/json is no JSON: .* \| .*json is no JSON: /);
  expect(await both("")).toMatch(/json is no JSON.*\| .*json must be a list of rows/);
  expect(await both('{"edges":7}')).toMatch(/json.edges must be a list.*\| .*json must be a list of rows/);
  expect(await both('{"edges":{"a":{}}}')).toMatch(/json.edges must be a list.*\| .*json.edges must be a list/);
  expect(await both('{"types":{"a":{}},"edges":[]}')).toMatch(
    /json.types must be a list.*\| .*json.types must be a list/,
  );
  expect(await both("[[]]")).toMatch(/row 0 is not.*\| .*row 0 is not/);
  expect(await both('["a"]')).toMatch(/row 0 is text.*\| .*row 0 is text/);
  expect(await both(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toMatch(/row 0 is not.*\| .*row 0 is not/);
  expect(await refused({ json: [`{"edges":[${JSON.stringify(row)}],"offices":[{}]}`] })).toMatch(
    "json.offices must stand before",
  );
  expect(await refused({ json: '{"edges":[],"offices":[{"id":7}]}' })).toMatch("office.accountId is required");
  const deal = '{"edges":[],"engagements":[{"id":"x","type":"deal","name":"d"}]}';
  expect((await refusal(imported({ json: deal }))).code).toBe("unknown_engagement_type");
  expect(await refused({ json: '{"edges":[],"types":[{"name":"x"}]}' }, { definesTypes: true })).toMatch(
    "relationshipType.key",
  );
});

it("tells of values of JSON that cannot be, and takes nothing from prototypes", async () => {
  const { crm, thing, row, imported } = await opened();
  const deep = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
  const pair = JSON.stringify(row).slice(1, -1);
  const json = `[
    {${pair},"__proto__":{"role":"spouse"},"strength":0.5},
    {${pair},"type":"mention","strength":1e999},
    {${pair},"type":"mention","strength":123456789012345678901234567890},
    {${pair},"type":"mention","isPrimary":"perhaps"},
    {${pair},"type":["mention"]},
    {${pair},"type":"mention","notes":${deep}},
    {${pair},"type":"mention","attributes":${deep}},
    {${pair},"type":"ownership","attributes":{"__proto__":"1","share":"1"}},
    {${pair},"type":"ownership","attributes":{"constructor":"1","share":"1"}},
    {${pair},"type":"mention","validFrom":20200101},
    {${pair},"type":"mention","evidence":[{"url":7}]},
    {${pair},"type":"mention","acts":[{"act":"sung"}]},
    {${pair},"type":"mention","relationshipId":"x"},
    {"from":{"entityType":"__proto__","id":"x"},"to":{"entityType":"contact","id":"${thing.Ben!.id}"}},
    {"from":{"entityType":"contact","id":7},"to":null},
    {}
  ]`;
  for (const source of [{ json }, { json: [json] }]) {
    const report = await imported(source, { dryRun: true });
    expect(report.findings.map(({ row: at, problem, field }) => `${at} ${problem} ${field}`)).toEqual([
      ...["1 invalid strength", "2 invalid strength", "3 invalid isPrimary", "4 invalid type", "5 invalid notes"],
      ...["6 refused attributes.a", "7 refused attributes", "8 double ", "9 bad_days validFrom"],
      ...[
        "10 invalid evidence",
        "11 invalid acts",
        "12 invalid relationshipId",
        "13 unknown_thing from",
        "14 invalid from",
      ],
      "15 invalid from",
    ]);
  }
  expect(await imported({ json })).toMatchObject({ created: 1 });
  expect((await crm.relationships.list()).items[0]).toMatchObject({ strength: "0.5" });
});

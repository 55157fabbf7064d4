import { describe, expect, it } from "vitest";
import { parseOptions } from "./options.ts";

describe("parseOptions", () => {
  it("takes crm.db of the user's folder, and the generated team, unless said", () => {
    expect(parseOptions([], "/home/ann")).toEqual({ from: undefined, db: "/home/ann/crm.db", help: false });
  });

  it("resolves relative paths against the user's folder, and leaves absolute ones", () => {
    expect(parseOptions(["--from", "data", "--db=/tmp/x.db"], "/home/ann")).toEqual({
      from: "/home/ann/data",
      db: "/tmp/x.db",
      help: false,
    });
  });

  it("has no database file with --memory", () => {
    expect(parseOptions(["--memory"], "/home/ann").db).toBeUndefined();
  });

  it.each([
    [["--form", "data"], /Unknown option '--form'/],
    [["--from"], /'--from <value>' argument missing/],
    [["--from="], /An option has an empty value/],
    [["--memory", "--db", "x.db"], /--memory and --db exclude each other/],
    [["data"], /Unexpected argument 'data'/],
  ])("refuses %j with the usage", (args, message) => {
    const parse = () => parseOptions(args, "/home/ann");
    expect(parse).toThrow(message);
    expect(parse).toThrow(/npm run demo -- --from DIR/);
    expect(parse).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

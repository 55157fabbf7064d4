import { describe, expect, it } from "vitest";
import { type Conversation, converse, type RawRows } from "./conversation.ts";

const request = (sql: string) => ({ statement: { sql, slots: [] }, values: { tenantId: "t", params: [] } });

describe("converse", () => {
  it("gives each request the rows of its statement", () => {
    function* ask(): Conversation<unknown> {
      const first = yield request("one");
      const second = yield request("two");
      return [first, second];
    }
    expect(converse(ask(), ({ statement }): RawRows => [[statement.sql]])).toEqual([[["one"]], [["two"]]]);
  });

  it("throws an error into the conversation, which may ask something else", () => {
    function* ask(): Conversation<unknown> {
      try {
        return yield request("fails");
      } catch (error) {
        return [error, yield request("works")];
      }
    }
    const failure = new Error("no");
    const answer = converse(ask(), ({ statement }) => {
      if (statement.sql === "fails") throw failure;
      return [["fine"]];
    });
    expect(answer).toEqual([failure, [["fine"]]]);
  });

  it("passes on an error that the conversation does not catch", () => {
    function* ask(): Conversation<unknown> {
      return yield request("fails");
    }
    const answer = () => {
      throw new Error("locked");
    };
    expect(() => converse(ask(), answer)).toThrow("locked");
  });
});

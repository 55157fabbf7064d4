import { describe, expect, it } from "vitest";
import { createIdGenerator, isUuid } from "./id.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const zeros = (length: number) => new Uint8Array(length);

/** The same bytes at every run. */
function seeded(): (length: number) => Uint8Array {
  let state = 1;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state >>> 24;
    });
}

const ascends = (ids: readonly string[]) => ids.every((id, i) => i === 0 || ids[i - 1]! < id);

describe("ids", () => {
  it("carry the time in their first 48 bits, as in the example of RFC 9562, appendix A.6", () => {
    const next = createIdGenerator(() => Date.UTC(2022, 1, 22, 19, 22, 22), zeros);
    expect(next()).toBe("017f22e2-79b0-7000-8000-000000000000");
  });

  it("carry the random bytes after the version and the variant", () => {
    const next = createIdGenerator(
      () => 0,
      (length) => new Uint8Array(length).fill(255),
    );
    expect(next()).toBe("00000000-0000-77ff-bfff-ffffffffffff");
  });

  it("ascend while the clock stands still, more than 4,096 in one millisecond", () => {
    const next = createIdGenerator(() => 1_767_323_045_678, seeded());
    const ids = Array.from({ length: 20_000 }, next);
    expect(ascends(ids)).toBe(true);
    expect(ids.every((id) => UUID_V7.test(id))).toBe(true);
  });

  it("go on to the next millisecond when the counter is full", () => {
    const next = createIdGenerator(() => 1_000, zeros);
    const ids = Array.from({ length: 4_098 }, next);
    expect(ids[4_095]).toBe("00000000-03e8-7fff-8000-000000000000");
    expect(ids[4_096]).toBe("00000000-03e9-7000-8000-000000000000");
    expect(ids[4_097]).toBe("00000000-03e9-7001-8000-000000000000");
  });

  it("ascend when the clock steps back, and follow it again once it has caught up", () => {
    const times = [5_000, 4_000, 1, 4_999, 5_000, 5_001];
    let call = 0;
    const next = createIdGenerator(() => times[call++]!, zeros);
    expect(times.map(next)).toEqual([
      "00000000-1388-7000-8000-000000000000",
      "00000000-1388-7001-8000-000000000000",
      "00000000-1388-7002-8000-000000000000",
      "00000000-1388-7003-8000-000000000000",
      "00000000-1388-7004-8000-000000000000",
      "00000000-1389-7000-8000-000000000000",
    ]);
  });

  it("ascend with a clock that counts fractions of a millisecond", () => {
    let now = 1_000;
    const next = createIdGenerator(() => (now += 0.013), seeded());
    const ids = Array.from({ length: 5_000 }, next);
    expect(ascends(ids)).toBe(true);
  });

  it("are unique, a hundred thousand of them", () => {
    const next = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)));
    expect(new Set(Array.from({ length: 100_000 }, next)).size).toBe(100_000);
  });

  it("of two generators with one clock differ", () => {
    const random = seeded();
    const one = createIdGenerator(() => 1, random);
    const other = createIdGenerator(() => 1, random);
    expect(one()).not.toBe(other());
  });
});

describe("isUuid", () => {
  it.each([
    ["019b7d6d-c18e-7000-8000-000000000000", true],
    ["f47ac10b-58cc-4372-a567-0e02b2c3d479", true],
    ["019B7D6D-C18E-7000-8000-000000000000", false],
    ["019b7d6dc18e70008000000000000000", false],
    ["019b7d6d-c18e-7000-8000-00000000000g", false],
    ["019b7d6d-c18e-7000-8000-000000000000\n", false],
    [" 019b7d6d-c18e-7000-8000-000000000000", false],
    ["", false],
  ])("%j: %s", (value, expected) => {
    expect(isUuid(value)).toBe(expected);
  });
});

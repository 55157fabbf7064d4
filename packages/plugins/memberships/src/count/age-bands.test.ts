import { describe, expect, it } from "vitest";
import { ageBandOf, agesSchema } from "./age-bands.ts";

describe("the age of a member", () => {
  const adult = (birthDate: string | null, day: string) => ageBandOf(birthDate, day, [18, 65]);

  it("is a year more from the birthday on", () => {
    const days = ["2026-05-16", "2026-05-17", "2073-05-16", "2073-05-17"];
    expect(days.map((day) => adult("2008-05-17", day))).toEqual(["0-17", "18-64", "18-64", "65+"]);
    expect(adult("2026-05-17", "2026-05-17")).toBe("0-17");
  });

  it("is a year more on 28 February for whoever was born on the 29th, in years without one", () => {
    const leap = ["2026-02-27", "2026-02-28", "2028-02-28", "2028-02-29"];
    expect(leap.map((day) => ageBandOf("2008-02-29", day, [18, 20]))).toEqual(["0-17", "18-19", "18-19", "20+"]);
  });

  it("is not known without the day of birth, or before it", () => {
    expect([null, "2008", "2008-05"].map((birthDate) => adult(birthDate, "2026-05-17"))).toEqual([null, null, null]);
    expect(adult("2026-05-18", "2026-05-17")).toBe(null);
  });

  it("is in bands of ten years unless bands are given, and one of a single year is named by it", () => {
    const born = "1980-01-01";
    expect(["1985-01-01", "2000-01-01", "2079-12-31"].map((day) => ageBandOf(born, day))).toEqual([
      ...["0-9", "20-29", "90+"],
    ]);
    expect(ageBandOf(born, "1998-06-01", [18, 19])).toBe("18");
    expect([[], [18, 18], [65, 18], [0], [1.5]].map((ages) => agesSchema.safeParse(ages).success)).toEqual(
      Array(5).fill(false),
    );
  });
});

import { describe, expect, it } from "vitest";
import { certainlyBefore, firstDay, isPartialDate, monthDay } from "../contact/partial-date.ts";
import type { DomainContext } from "../domain-model.ts";
import { normalDomain } from "./normal-domain.ts";
import { normalEmail } from "./normal-email.ts";
import { normalPhone, phoneDigits } from "./normal-phone.ts";

describe("e-mail addresses", () => {
  it.each([
    ["ann@example.com", "ann@example.com"],
    ["Ann.Roe+news@Example.COM", "ann.roe+news@example.com"],
    ["  ann@example.com ", "ann@example.com"],
    ["ＡＮＮ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ann@example.com"],
    ["ann@bücher.example", "ann@xn--bcher-kva.example"],
    ["ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example"],
    ["Jose\u0301@example.com", "jos\u00e9@example.com"],
    ["王@例え.テスト", "王@xn--r8jz45g.xn--zckzah"],
    ["ann@example.com.", "ann@example.com"],
    ["ann@localhost", "ann@localhost"],
    ['"ann roe@home"@example.com', '"ann roe@home"@example.com'],
    ["o'neill@example.com", "o'neill@example.com"],
    ["strasse@x.test", "strasse@x.test"],
    ["straße@x.test", "straße@x.test"],
  ])("%j is compared as %j", (address, normalized) => {
    expect(normalEmail(address)).toEqual({ normalized });
  });

  it.each([
    "",
    "ann",
    "@example.com",
    "ann@",
    "ann@@example.com",
    "ann roe@example.com",
    "Ann <ann@example.com>",
    "ann@example.com, bea@example.com",
    "mailto:ann@example.com",
    "ann@exam ple.com",
    "ann@example..com",
    "ann@-example.com",
    "ann@example.com/path",
    "ann@example.com:25",
    "a\u200bnn@example.com",
    "ann\u202e@example.com",
    "ann@127.0.0.1",
    `ann@${"a".repeat(64)}.com`,
    `${"ﷺ".repeat(100)}@x.test`,
  ])("%j is none", (address) => {
    expect(normalEmail(address).problem).toMatch(/^is not an e-mail address: /);
  });

  it("are checked in time that grows with their length", () => {
    const start = performance.now();
    for (const hostile of [
      "a@".repeat(50_000),
      `${'"\\'.repeat(50_000)}@x`,
      `a@${"-".repeat(100_000)}`,
      "a.".repeat(50_000),
    ])
      expect(normalEmail(hostile).problem).toBeDefined();
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("domains", () => {
  it.each([
    ["Example.com", "example.com"],
    ["example.com.", "example.com"],
    ["Bücher.example", "xn--bcher-kva.example"],
    ["sub.example.co.uk", "sub.example.co.uk"],
  ])("%j is compared as %j", (domain, normalized) => {
    expect(normalDomain(domain)).toEqual({ normalized });
  });

  it.each([
    "",
    "example",
    "https://example.com",
    "example.com/about",
    "ann@example.com",
    "example.com:8080",
    "a b.com",
    "10.0.0.1",
  ])("%j is none", (domain) => {
    expect(normalDomain(domain).problem).toMatch(/give it as "example.com"$/);
  });
});

describe("phone numbers without a normaliser", () => {
  it.each([
    ["+49 (0)30 / 123-45", "+493012345"],
    ["(+49) 30 12345", "+493012345"],
    ["030 12345", "03012345"],
    ["０３０－１２３４５", "03012345"],
    ["٠٣٠ ١٢٣٤٥", "03012345"],
    ["12345 ext. 6", "123456"],
  ])("%j is compared as %j", (number, normalized) => {
    expect(phoneDigits(number)).toEqual({ normalized });
  });

  it("have a digit, and not more than 99", () => {
    expect(phoneDigits("none").problem).toBe("is not a phone number: it has no digit");
    expect(phoneDigits("1".repeat(100)).problem).toBe("is not a phone number: it has more than 99 digits");
  });

  it("are compared as the plugin says, where one is installed", () => {
    const phone = { normalize: (number: string) => (number === "x" ? undefined : { normalized: `+1${number}` }) };
    const context = { phone } as unknown as DomainContext;
    expect(normalPhone(context, "555")).toEqual({ normalized: "+1555" });
    expect(normalPhone(context, "x").problem).toBe("is not a phone number: it has no digit");
  });
});

describe("partial dates", () => {
  it("are years, months and days that exist", () => {
    for (const known of ["1980", "1980-05", "1980-05-17", "2024-02-29", "0001"])
      expect(isPartialDate(known)).toBe(true);
    for (const wrong of [
      "",
      "80",
      "1980-",
      "1980-13",
      "1980-00",
      "1980-5",
      "1980-02-30",
      "2023-02-29",
      "1980-05-1",
      "1980-05-17T00",
      "0000",
      "abcd",
    ])
      expect(isPartialDate(wrong)).toBe(false);
  });

  it("come before others where that is certain", () => {
    expect(certainlyBefore("1979", "1980-05-17")).toBe(true);
    expect(certainlyBefore("1980", "1980-05-17")).toBe(false);
    expect(certainlyBefore("1980-04", "1980-05-17")).toBe(true);
    expect(certainlyBefore("1980-05-16", "1980-05-17")).toBe(true);
    expect(certainlyBefore("1980-05-17", "1980-05-17")).toBe(false);
  });

  it("have a first day, and a birthday where the day is known", () => {
    expect([firstDay("1980"), firstDay("1980-05"), firstDay("1980-05-17")]).toEqual([
      "1980-01-01",
      "1980-05-01",
      "1980-05-17",
    ]);
    expect([monthDay("1980"), monthDay("1980-05"), monthDay("1980-05-17")]).toEqual([null, null, "05-17"]);
  });
});

/** A plain model of roll-ups for tests, which shares no code with the plugin: it looks at each deal by itself. */
import fc from "fast-check";

export const USERS = ["ann", "bob", "cid", "dan", "eve"] as const;
export type User = (typeof USERS)[number];
export type Currency = "EUR" | "USD" | "JPY";
const stages = ["pipeline", "best_case", "most_likely", "commit", "omitted", "won", "lost"] as const;
const categories = ["pipeline", "best_case", "most_likely", "commit", "closed"] as const;
export type Category = (typeof categories)[number];
const overrides = ["pipeline", "best_case", "most_likely", "commit", "omitted"] as const;

export interface ModelDeal {
  readonly stage: (typeof stages)[number];
  readonly override: (typeof overrides)[number] | null;
  readonly owner: User | null;
  readonly source: string | null;
  /** The place of its account; the account has the industry `industries` says. */
  readonly account: number | null;
  readonly currency: Currency;
  /** Minor units. */
  readonly amount: number | null;
  readonly oneTime: number | null;
  readonly annual: number | null;
  readonly day: string | null;
  /** Ten-thousandths of a per cent. */
  readonly revenue: readonly (readonly [User, number])[];
  readonly overlay: readonly (readonly [User, number])[];
}

export const industries = ["retail", "energy", null] as const;
const WHOLE = 1_000_000;

const days = fc.record({ month: fc.integer({ min: 9, max: 12 }), day: fc.integer({ min: 1, max: 28 }) });
const units = fc.option(fc.integer({ min: -99_999, max: 999_999 }));

const sharedBy = (most: number) =>
  fc.uniqueArray(fc.tuple(fc.constantFrom(...USERS), fc.integer({ min: 1, max: most })), {
    selector: ([user]) => user,
    maxLength: 3,
  });

/** What is left over goes to the first. */
function toWhole(splits: readonly (readonly [User, number])[]): readonly (readonly [User, number])[] {
  const cut = splits.map(([user, part]) => [user, Math.floor(part / splits.length)] as const);
  const left = WHOLE - cut.reduce((sum, [, part]) => sum + part, 0);
  return cut.map(([user, part], at) => [user, at === 0 ? part + left : part] as const);
}

export const dealsAtRandom = fc.array(
  fc
    .record({
      stage: fc.constantFrom(...stages),
      override: fc.option(fc.constantFrom(...overrides)),
      owner: fc.option(fc.constantFrom(...USERS)),
      source: fc.option(fc.constantFrom("web", "fair")),
      account: fc.option(fc.nat(2)),
      currency: fc.constantFrom<Currency>("EUR", "USD", "JPY"),
      amount: units,
      oneTime: units,
      annual: fc.option(fc.integer({ min: 0, max: 99_999 })),
      date: fc.option(days, { freq: 6 }),
      revenue: fc.oneof(fc.constant([]), sharedBy(WHOLE)),
      overlay: fc.oneof(fc.constant([]), sharedBy(10 * WHOLE)),
    })
    .map(({ date, revenue, ...deal }): ModelDeal => {
      const day = date && `2026-${String(date.month).padStart(2, "0")}-${String(date.day).padStart(2, "0")}`;
      return { ...deal, day, revenue: toWhole(revenue) };
    }),
  { minLength: 6, maxLength: 14 },
);

export interface ModelQuery {
  readonly measure: "amount" | "one_time" | "annual_recurring" | "count";
  readonly credit: "owner" | "revenue" | "overlay";
  readonly method: "cumulative" | "single";
  readonly rollUp: "owner" | "source" | "account.industry";
  readonly convert: "EUR" | "USD" | undefined;
  readonly by: "month" | "quarter";
  readonly under: User | undefined;
}

export const queryAtRandom: fc.Arbitrary<ModelQuery> = fc
  .record({
    measure: fc.constantFrom("amount", "one_time", "annual_recurring", "count" as const),
    credit: fc.constantFrom("owner", "revenue", "overlay" as const),
    method: fc.constantFrom("cumulative", "single" as const),
    rollUp: fc.constantFrom("owner", "source", "account.industry" as const),
    convert: fc.option(fc.constantFrom("EUR" as const, "USD" as const), { nil: undefined }),
    by: fc.constantFrom("month", "quarter" as const),
    under: fc.option(fc.constantFrom(...USERS), { nil: undefined, freq: 3 }),
  })
  .map((query) => (query.measure === "count" ? { ...query, convert: undefined } : query));

/** Who reports to whom. */
export const managers: Readonly<Record<User, User | null>> = {
  ann: null,
  bob: "ann",
  cid: "ann",
  dan: "bob",
  eve: null,
};

export function isUnder(user: User | null, top: User): boolean {
  return user !== null && (user === top || isUnder(managers[user], top));
}

export function categoryOfDeal({ stage, override }: ModelDeal): Category | "omitted" {
  if (stage === "won") return "closed";
  if (stage === "lost") return "omitted";
  return override ?? stage;
}

/** What it gives to whom: units by currency, of numbers millionths. */
export function creditsOf(
  deal: ModelDeal,
  { measure, credit }: ModelQuery,
): readonly (readonly [User | null, bigint])[] {
  const value = { amount: deal.amount, one_time: deal.oneTime, annual_recurring: deal.annual, count: 1 }[measure];
  if (value === null) return [];
  const one = measure === "count" ? 1_000_000n : 1n;
  const splits = credit === "owner" ? [] : deal[credit];
  if (credit !== "overlay" && splits.length === 0) return [[deal.owner, BigInt(value) * one]];
  if (measure === "count") return splits.map(([user, part]) => [user, BigInt(part)] as const);
  if (credit === "overlay")
    return splits.map(([user, part]) => [user, halfEven(BigInt(value) * BigInt(part), BigInt(WHOLE))] as const);
  const size = BigInt(Math.abs(value));
  const inOrder = [...splits].sort(([a], [b]) => (a < b ? -1 : 1));
  const shares = inOrder.map(([user, part]) => {
    const exact = size * BigInt(part);
    return { user, units: exact / BigInt(WHOLE), rest: exact % BigInt(WHOLE) };
  });
  let left = size - shares.reduce((sum, { units: own }) => sum + own, 0n);
  for (const share of [...shares].sort((a, b) => Number(b.rest - a.rest))) {
    if (left === 0n) break;
    share.units += 1n;
    left -= 1n;
  }
  return shares.map(({ user, units: own }) => [user, value < 0 ? -own : own] as const);
}

function halfEven(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator - (numerator % denominator < 0n ? 1n : 0n);
  const twice = (numerator - floor * denominator) * 2n;
  return twice > denominator || (twice === denominator && floor % 2n !== 0n) ? floor + 1n : floor;
}

/** Which categories a figure is of. */
export function addedUp(category: Category, method: ModelQuery["method"]): readonly Category[] {
  if (method === "single") return [category];
  if (category === "pipeline") return ["pipeline", "best_case", "most_likely", "commit"];
  return categories.slice(categories.indexOf(category));
}

/** Thousandths of a unit of each currency in euros. */
const inEuros: Readonly<Record<Currency, bigint>> = { EUR: 10_000n, USD: 9_137n, JPY: 61n };
const perMinor: Readonly<Record<Currency, bigint>> = { EUR: 100n, USD: 100n, JPY: 1n };

/** In minor units of the wanted currency, rounded once. A rate back is the inverse of the rate. */
export function convertedSum(parts: ReadonlyMap<Currency, bigint>, to: "EUR" | "USD"): bigint {
  // In units of 10^-6 of a euro: minor units are hundredths at the most.
  let sum = 0n;
  for (const [currency, own] of parts) sum += own * inEuros[currency] * (100n / perMinor[currency]);
  return halfEven(sum, inEuros[to]);
}

export const rates = [
  { baseCurrency: "USD", quoteCurrency: "EUR", day: "2026-01-01", rate: "0.9137" },
  { baseCurrency: "JPY", quoteCurrency: "EUR", day: "2026-01-01", rate: "0.0061" },
] as const;

export function textOf(units: bigint, currency: Currency): string {
  if (currency === "JPY") return units.toString();
  const digits = (units < 0n ? -units : units).toString().padStart(3, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export { categories };

/** What March's last instant must give, worked out by hand: a euro is 1.28 dollars, and a franc 1.10 euros. */
import type { Figures } from "./figures.ts";

export const marchFigures: Figures = {
  // Demo: 10,000 / 1.28. Offer: at 75 %, by hand. Won: 12,500.01 + 1500 + 900, and 4000 / 1.28 = 3125. Lost: 8000 × 1.1.
  newBusiness: [
    "lead 1: 700.00 EUR > 70.00 EUR = 700.00 > 70.00 (Walk-in)",
    "demo 1: 10000.00 USD > 3000.00 USD = 7812.50 > 2343.75 (Licences)",
    "offer 1: 3000.00 EUR > 2250.00 EUR = 3000.00 > 2250.00 (Loyalty cards)",
    "won 4: 14900.01 EUR + 4000.00 USD > 14900.01 EUR + 4000.00 USD = 18025.01 > 18025.01 (Tills for Zoë, First order, Suite, A kitchen)",
    "lost 1: 8000.00 CHF > 0.00 CHF = 8800.00 > 0.00 (Pilot)",
  ],
  // 80 % of 1200 + 2000; 300 / 1.28 = 234.375, to the even cent.
  renewals: [
    "due 0: - > - = 0.00 > 0.00 ()",
    "quoted 2: 3200.00 EUR > 2560.00 EUR = 3200.00 > 2560.00 (Support for Acme, Upgrade)",
    "renewed 1: 480.00 EUR > 480.00 EUR = 480.00 > 480.00 (Support for 2026)",
    "ended 1: 300.00 USD > 0.00 USD = 234.38 > 0.00 (Hosting)",
  ],
  // 700 + 7812.50 + 3000; 70 + 2343.75 + 2250
  totals: [
    "new lost 1: 8000.00 CHF = 8800.00 > 0.00",
    "new open 3: 3700.00 EUR + 10000.00 USD = 11512.50 > 4663.75",
    "new won 4: 14900.01 EUR + 4000.00 USD = 18025.01 > 18025.01",
    "renewal lost 1: 300.00 USD = 234.38 > 0.00",
    "renewal open 2: 3200.00 EUR = 3200.00 > 2560.00",
    "renewal won 1: 480.00 EUR = 480.00 > 480.00",
  ],
  wonOfClosed: [
    "2 of 3, 0 open: 0.666667",
    "2400.00 EUR of 2400.00 EUR, 0.00 open: 1",
    "0.00 USD of 300.00 USD, 0.00 open: 0",
  ],
  wonOfCreated: ["0 of 0, 0 open: null"],
  // By the rates of the days on which it was closed: 16,313.3433… + 2400 is rounded once.
  byFiscalMonth: [
    "FY2025-P12 lost 1: 8000.00 CHF = 8400.00",
    "FY2026-P01 won 3: 12980.01 EUR + 4000.00 USD = 16313.34",
    "FY2026-P02 lost 1: 300.00 USD = 234.38",
    "FY2026-P02 won 2: 2400.00 EUR = 2400.00",
  ],
  byFiscalQuarter: [
    "FY2025-Q4 lost 1: 8000.00 CHF = 8400.00",
    "FY2026-Q1 lost 1: 300.00 USD = 234.38",
    "FY2026-Q1 won 5: 15380.01 EUR + 4000.00 USD = 18713.34",
  ],
  // The kitchen was won from its demo: it reached the offer without entering it.
  conversion: [
    "lead 9, demo 6/7, offer 5/6: won 4, lost 2",
    "demo 6, offer 4/5: won 4, lost 1",
    "offer 5: won 3, lost 1",
  ],
  phases: ["qualify 12, propose 7/8: won 5, lost 3", "propose 7: won 4, lost 1"],
  // Demo: 1122 hours more, 2106 in all. Offer: 336 and 1008 more, 1963.5 in all. Open: 743.5, 1717 and 1045.
  hoursInStage: [
    "lead: 8 mean 180.25 median 168.00, 1 open median 743.50",
    "demo: 5 mean 421.20 median 192.00, 1 open median 1717.00",
    "offer: 5 mean 392.70 median 277.50, 1 open median 1045.00",
  ],
  // The walk-in has been a lead for 30 days and 23.5 hours; the upgrade is quoted for 19 days of 21.
  stale: [
    "Licences 71 days, 41 over",
    "Loyalty cards 43 days, 22 over",
    "Walk-in 30 days, 0 over",
    "Support for Acme 29 days, 8 over",
  ],
  noNextStep: ["Licences", "Support for Acme"],
  pastExpected: ["Licences 2026-02-15"],
  // The suite was won five days late, and the kitchen on its day.
  wonEarly: ["Tills for Zoë 2026-02-01 < 2026-02-27"],
  // Whoever has left keeps what was earned.
  splits: [
    "overlay ben won: 5000.00 EUR",
    "revenue ann open: 2000.10 EUR",
    "revenue ann won: 6250.00 EUR",
    "revenue ben open: 999.90 EUR",
    "revenue ben won: 4166.67 EUR",
    "revenue cem won: 2083.34 EUR",
  ],
  wonByOwner: ["ann 2: 13400.01", "ben 2: 1980.00", "cem 1: 3333.33"],
  wonBelowAnn: "5: 18713.34",
  recurring: [
    "lost: 25.00 USD a month, 300.00 USD a year",
    "open: 100.00 EUR a month, 1200.00 EUR a year",
    "won: 123.33 EUR a month, 1480.00 EUR a year",
  ],
  accountsByStage: ["customer 3", "prospect 4"],
  accountsByOwner: ["ann 17", "ben 33"],
  // In New York it is two minutes to six in the afternoon: what was due at four is of today.
  agenda: [
    "ann 2026-03-31: - | - | Workshop",
    "ben 2026-03-31: Send the price list | Visit | -",
    "cem 2026-04-01: - | - | -",
  ],
};

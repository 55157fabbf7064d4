/** What January's last instant must give, worked out by hand: a dollar is 0.80 euros, and a franc 1.05. */
import type { Figures } from "./figures.ts";

export const januaryFigures: Figures = {
  // Demo: 1500 + 900 euros, and 10,000 dollars; 2400 + 8000 = 10,400, of which 30 % are weighted. Offer: 60 % of 12,500.01 + 2000.
  newBusiness: [
    "lead 0: - > - = 0.00 > 0.00 ()",
    "demo 3: 2400.00 EUR + 10000.00 USD > 720.00 EUR + 3000.00 USD = 10400.00 > 3120.00 (Suite, Licences, A kitchen)",
    "offer 2: 14500.01 EUR > 8700.01 EUR = 14500.01 > 8700.01 (Tills for Zoë, Upgrade)",
    "won 0: - > - = 0.00 > 0.00 ()",
    "lost 1: 8000.00 CHF > 0.00 CHF = 8400.00 > 0.00 (Pilot)",
  ],
  // 12 × 40 and 2 × 600, at 50 %.
  renewals: [
    "due 2: 1680.00 EUR > 840.00 EUR = 1680.00 > 840.00 (Support for 2026, Support for Acme)",
    "quoted 0: - > - = 0.00 > 0.00 ()",
    "renewed 0: - > - = 0.00 > 0.00 ()",
    "ended 0: - > - = 0.00 > 0.00 ()",
  ],
  // 3120 + 8700.006 = 11,820.006, rounded once.
  totals: [
    "new lost 1: 8000.00 CHF = 8400.00 > 0.00",
    "new open 5: 16900.01 EUR + 10000.00 USD = 24900.01 > 11820.01",
    "renewal open 2: 1680.00 EUR = 1680.00 > 840.00",
  ],
  wonOfClosed: ["0 of 1, 0 open: 0", "0.00 CHF of 8000.00 CHF, 0.00 open: 0"],
  // 12,500.01 + 1500 + 480 + 1200 + 2000 + 900 = 18,580.01
  wonOfCreated: [
    "0 of 8, 7 open: 0",
    "0.00 CHF of 8000.00 CHF, 0.00 open: 0",
    "0.00 EUR of 18580.01 EUR, 18580.01 open: 0",
    "0.00 USD of 10000.00 USD, 10000.00 open: 0",
  ],
  // The year begins in February. 8000 × 1.05.
  byFiscalMonth: ["FY2025-P12 lost 1: 8000.00 CHF = 8400.00"],
  byFiscalQuarter: ["FY2025-Q4 lost 1: 8000.00 CHF = 8400.00"],
  // The upgrade went from lead to offer: it reached the demo without entering it.
  conversion: [
    "lead 6, demo 4/5, offer 2/2: won 0, lost 1",
    "demo 4, offer 1/1: won 0, lost 0",
    "offer 2: won 0, lost 0",
  ],
  phases: ["qualify 8, propose 2/2: won 0, lost 1", "propose 2: won 0, lost 0"],
  // Lead: 72, 121, 168, 169, 240 and 336 hours, 1106 in all. Open: 32, 302 and 397 in the demo, 62 and 277 in the offer.
  hoursInStage: [
    "lead: 6 mean 184.33 median 168.50, 0 open median -",
    "demo: 1 mean 192.00 median 192.00, 3 open median 302.00",
    "offer: 0 mean - median -, 2 open median 169.50",
  ],
  stale: [],
  // Licences have a task ahead, and the upgrade a text.
  noNextStep: ["Tills for Zoë", "Suite", "Support for 2026", "Support for Acme", "A kitchen"],
  pastExpected: [],
  wonEarly: [],
  splits: [],
  wonByOwner: [],
  wonBelowAnn: "0: -",
  // 250 a quarter are 83.33 a month; with 40 and 100.
  recurring: ["open: 223.33 EUR a month, 2680.00 EUR a year"],
  accountsByStage: ["prospect 7"],
  accountsByOwner: ["ann 17", "ben 17", "cem 16"],
  // In Taipei it is tomorrow. Overdue, today, in the next 30 days.
  agenda: ["ann 2026-01-31: - | - | -", "ben 2026-01-31: - | - | -", "cem 2026-02-01: - | - | Send the price list"],
};

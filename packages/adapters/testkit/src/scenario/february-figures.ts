/** What February's last instant must give, worked out by hand: a euro is 1.20 dollars, and a franc 1.05 euros. */
import type { Figures } from "./figures.ts";

export const februaryFigures: Figures = {
  // Demo: 900 + 10,000 / 1.2 = 9233.33. Offer: 60 % of 2000 + 3000 + 1500. Won: 12,500.01 + 4000 / 1.2 = 15,833.34.
  newBusiness: [
    "lead 1: 700.00 EUR > 70.00 EUR = 700.00 > 70.00 (Walk-in)",
    "demo 2: 900.00 EUR + 10000.00 USD > 270.00 EUR + 3000.00 USD = 9233.33 > 2770.00 (Licences, A kitchen)",
    "offer 3: 6500.00 EUR > 3900.00 EUR = 6500.00 > 3900.00 (Upgrade, Loyalty cards, Suite)",
    "won 2: 12500.01 EUR + 4000.00 USD > 12500.01 EUR + 4000.00 USD = 15833.34 > 15833.34 (Tills for Zoë, First order)",
    "lost 1: 8000.00 CHF > 0.00 CHF = 8400.00 > 0.00 (Pilot)",
  ],
  // 1200 + 300 / 1.2 = 1450, at 50 %.
  renewals: [
    "due 2: 1200.00 EUR + 300.00 USD > 600.00 EUR + 150.00 USD = 1450.00 > 725.00 (Support for Acme, Hosting)",
    "quoted 0: - > - = 0.00 > 0.00 ()",
    "renewed 1: 480.00 EUR > 480.00 EUR = 480.00 > 480.00 (Support for 2026)",
    "ended 0: - > - = 0.00 > 0.00 ()",
  ],
  // 70 + 2770 + 3900 = 6740
  totals: [
    "new lost 1: 8000.00 CHF = 8400.00 > 0.00",
    "new open 6: 8100.00 EUR + 10000.00 USD = 16433.33 > 6740.00",
    "new won 2: 12500.01 EUR + 4000.00 USD = 15833.34 > 15833.34",
    "renewal open 2: 1200.00 EUR + 300.00 USD = 1450.00 > 725.00",
    "renewal won 1: 480.00 EUR = 480.00 > 480.00",
  ],
  // The suite was lost and is open again: it is not closed.
  wonOfClosed: [
    "3 of 3, 0 open: 1",
    "12980.01 EUR of 12980.01 EUR, 0.00 open: 1",
    "4000.00 USD of 4000.00 USD, 0.00 open: 1",
  ],
  // Loyalty cards and the walk-in; the order and hosting. 4000 / 4300.
  wonOfCreated: [
    "1 of 4, 3 open: 0.25",
    "0.00 EUR of 3700.00 EUR, 3700.00 open: 0",
    "4000.00 USD of 4300.00 USD, 300.00 open: 0.930233",
  ],
  // What was won half an hour after midnight in Berlin is of the new year. 12,980.01 + 4000 / 1.2 = 16,313.34.
  byFiscalMonth: [
    "FY2025-P12 lost 1: 8000.00 CHF = 8400.00",
    "FY2026-P01 won 3: 12980.01 EUR + 4000.00 USD = 16313.34",
  ],
  byFiscalQuarter: [
    "FY2025-Q4 lost 1: 8000.00 CHF = 8400.00",
    "FY2026-Q1 won 3: 12980.01 EUR + 4000.00 USD = 16313.34",
  ],
  // Since January. The suite was lost after its lead, its demo and its offer, though it is open again.
  conversion: [
    "lead 9, demo 6/7, offer 5/5: won 2, lost 2",
    "demo 6, offer 4/4: won 2, lost 1",
    "offer 5: won 2, lost 1",
  ],
  phases: ["qualify 12, propose 6/6: won 3, lost 2", "propose 6: won 3, lost 1"],
  // Lead: twice 168 hours more, 1442 in all. Demo: 168, 168, 192, 456. Offer: 168, 174, 277.5. Open: 0.5; 704, 974; 110, 302, 734.
  hoursInStage: [
    "lead: 8 mean 180.25 median 168.00, 1 open median 0.50",
    "demo: 4 mean 246.00 median 180.00, 2 open median 839.00",
    "offer: 3 mean 206.50 median 174.00, 3 open median 302.00",
  ],
  // A demo may last 30 days, and an offer 21. The kitchen is in its demo for 29 days and 8 hours.
  stale: ["Licences 40 days, 10 over", "Upgrade 30 days, 9 over"],
  // Tasks that are due are none: not the one of an hour ago, nor the one of this morning.
  noNextStep: ["Suite", "Licences", "Support for Acme", "A kitchen", "Loyalty cards", "Hosting"],
  pastExpected: ["Licences 2026-02-15"],
  wonEarly: ["Tills for Zoë 2026-02-01 < 2026-02-27"],
  // Of 12,500.01: 6250.005, 4166.6658… and 2083.3391…; the two cents that are left go to 0.91 and 0.58. Of 3000: 66.67 and 33.33 %.
  splits: [
    "overlay ben won: 5000.00 EUR",
    "revenue ann open: 2000.10 EUR",
    "revenue ann won: 6250.00 EUR",
    "revenue ben open: 999.90 EUR",
    "revenue ben won: 4166.67 EUR",
    "revenue cem won: 2083.34 EUR",
  ],
  wonByOwner: ["ann 1: 12500.01", "ben 1: 480.00", "cem 1: 3333.33"],
  wonBelowAnn: "3: 16313.34",
  recurring: [
    "open: 183.33 EUR + 25.00 USD a month, 2200.00 EUR + 300.00 USD a year",
    "won: 40.00 EUR a month, 480.00 EUR a year",
  ],
  accountsByStage: ["customer 3", "prospect 4"],
  accountsByOwner: ["ann 17", "ben 17", "cem 16"],
  // In New York the day of what is due at 05:30 began half an hour before; in Taipei it is tomorrow.
  agenda: [
    "ann 2026-02-28: Report to the board | - | -",
    "ben 2026-02-28: - | Prepare the quote | -",
    "cem 2026-03-01: Send the price list | - | -",
  ],
};

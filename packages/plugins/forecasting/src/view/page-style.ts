/** How the page of a forecast looks: in light and dark, on a screen and on paper. */
import { chartColours } from "./chart-svg.ts";

export const pageStyle = `${chartColours}
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; color: var(--ink); }
body { margin: 1.5rem; max-width: 1100px; }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .2rem; }
p { margin: .2rem 0 .6rem; }
figure { margin: .4rem 0; }
svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .7rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
thead th { vertical-align: bottom; }
th:first-child { text-align: left; padding-left: .2rem; position: sticky; left: 0; background: Canvas; }
[scope=colgroup] { border-left: 1px solid var(--rule); text-align: left; }
tbody th:first-child { font-weight: normal; padding-left: calc(.2rem + var(--depth, 0) * 1.2rem); }
.own { font-style: italic; }
.total th:first-child, .total td { font-weight: 600; border-top: 2px solid var(--rule); }
summary { cursor: pointer; margin: .3rem 0; }
@media print { details:not([open]) { display: none; } .scroll { overflow-x: visible; } }
`;

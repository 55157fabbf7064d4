/** How the page of a hierarchy looks: in light and dark, on a screen and on paper. */
export const pageStyle = `
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
body { margin: 1.5rem; }
h1 { font-size: 1.3rem; margin: 0 0 .2rem; }
p { margin: .2rem 0 .8rem; }
.tools { display: none; gap: .5rem; align-items: center; }
.live .tools { display: flex; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .7rem; border-bottom: 1px solid color-mix(in srgb, currentcolor 15%, transparent); }
thead th { position: sticky; top: 0; background: Canvas; text-align: right; vertical-align: bottom; }
thead th:first-child, tbody th { text-align: left; }
tbody th { font-weight: normal; padding-left: calc(.2rem + var(--depth) * 1.2rem); }
td { text-align: right; white-space: nowrap; }
tbody button { visibility: hidden; border: 0; padding: 0; width: 1.2rem; background: none; color: inherit; font: inherit; cursor: pointer; }
.live [aria-expanded] button { visibility: visible; }
[aria-expanded=true] button { transform: rotate(90deg); }
small { opacity: .7; }
.found bdi { background: Mark; color: MarkText; }
tr:focus { outline: 2px solid Highlight; outline-offset: -2px; }
.visually-hidden { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
@media (scripting: none) { tbody tr[hidden] { display: table-row; } }
@media print { .live .tools { display: none; } thead th { position: static; } }
`;

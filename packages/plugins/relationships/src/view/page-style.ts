/** How the page of a neighbourhood looks: in light and dark, on a screen and on paper. */
export const pageStyle = `
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; --line: #7a8699; --ink: #1b2430; --paper: #fff; --mark: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --line: #8a97ab; --ink: #e8edf4; --paper: #14181f; --mark: #ff8a80; } }
body { margin: 1.5rem; background: var(--paper); color: var(--ink); }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; }
.scroll { overflow: auto; max-height: 85vh; border: 1px solid var(--line); margin: 1rem 0; }
.scroll:focus { outline: 2px solid Highlight; }
svg { display: block; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); text-anchor: middle; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
svg .label { font-size: 10px; }
svg line { stroke: var(--line); }
svg marker path { fill: var(--line); }
svg circle { fill: var(--paper); stroke: var(--line); stroke-width: 2; }
svg .account circle { fill: var(--line); }
svg .start circle { stroke: var(--mark); stroke-width: 3; }
svg .start text { font-weight: 600; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
thead th { position: sticky; top: 0; background: var(--paper); }
td { font-variant-numeric: tabular-nums; }
@media print { .scroll { overflow: visible; max-height: none; border: 0; } svg { max-width: 100%; height: auto; } thead th { position: static; } }
`;

/** The SHA-256 of the style, as a Content-Security-Policy names it. */
export const pageStyleHash = "sha256-daRsOobKqhIk7m8435QAaf6FlufNYLiEEyX2j1Ulefs=";

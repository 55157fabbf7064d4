/** What exports and drawings refuse. */
export const exportErrors = {
  relationship_graph_too_large:
    "There are more than {most} relationships to show: ask for fewer hops or types, another day, a higher minStrength, or a higher maxEdges.",
} as const;

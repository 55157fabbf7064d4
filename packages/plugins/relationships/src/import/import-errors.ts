/** What an import refuses as a whole. */
export const importErrors = {
  relationship_import_rejected:
    "Nothing was imported. Findings that are to be rejected: {count}. The first of them: {first}. All are in details.findings: correct the source, give rules, or choose otherwise.",
} as const;

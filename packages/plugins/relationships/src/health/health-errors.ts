/** What health refuses. */
export const healthErrors = {
  health_too_wide:
    "The health of these relationships rests on more than {most} activities: ask for fewer of them, or a shorter half-life, or raise {field}.",
} as const;

/** Numbers of days, as reminders and retries have them. */
import * as z from "zod";

/** At most 20 whole numbers of days, each 0 to 3,650. */
export const dayOffsetsSchema = () => z.array(z.number().int().min(0).max(3_650)).max(20);

/** What the driver's texts become, for the contestants without an SDK: numbers and booleans, and all else stays text. */
import pg from "pg";

const { BOOL, INT8 } = pg.types.builtins;

export const TYPES = {
  getTypeParser: (oid: number) => (oid === INT8 ? Number : oid === BOOL ? (text: string) => text === "t" : String),
} as unknown as pg.CustomTypesConfig;

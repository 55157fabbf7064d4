/** Relata on a database of PostgreSQL. */
import { postgres } from "@relata/postgres";
import { openCrm, type SalesCrm } from "../sales/relata.ts";

export function openDatabase(connectionString: string, clock: () => number): Promise<SalesCrm> {
  return openCrm(postgres({ connectionString }), clock);
}

/** As a user with no right but to rows, whom the server shows those of one tenant only. */
export function openGuarded(url: string, rowsOnlyUrl: string, clock: () => number): Promise<SalesCrm> {
  const storage = postgres({
    connectionString: rowsOnlyUrl,
    migrateWith: { connectionString: url },
    rowLevelSecurity: true,
  });
  return openCrm(storage, clock);
}

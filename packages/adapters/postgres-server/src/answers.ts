/** Whether a server that was just started can be used. */
import pg from "pg";

/** False while it is still starting. @throws whatever else keeps a session from beginning. */
export async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === "ECONNREFUSED" || code === "ECONNRESET" || code === "57P03") return false;
    throw error;
  }
  await client.end();
  return true;
}

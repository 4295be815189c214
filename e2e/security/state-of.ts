import { sql, type SQL } from "drizzle-orm";
import { personalTables } from "@/lib/account/deletion/personal-data";
import { db } from "@/lib/db/client";

/** The compared columns of tables that also change by themselves: a session's last use, an email's delivery. */
const settled: Partial<Record<string, SQL>> = {
  session: sql`to_jsonb(session) - 'last_seen_at' - 'idle_until'`,
  mail: sql`jsonb_build_object('id', id, 'kind', kind, 'recipient', recipient, 'token', token_id)`,
};

/**
 * Reads everything the database holds of an account, by table. The tables are those of the list for export and erasure.
 * A new table does not compile until it is in that list, so none is left out here.
 */
export async function stateOf({ id }: { id: string }): Promise<Record<string, unknown[]>> {
  const selects = personalTables.map(
    ({ name, table, of }) => sql`
      SELECT ${name}::text AS name, coalesce(jsonb_agg(row ORDER BY row), '[]') AS rows
        FROM (SELECT ${settled[name] ?? sql`to_jsonb(${table})`} AS row FROM ${table} WHERE ${of(id)}) AS found`,
  );
  const { rows } = await db().execute<{ name: string; rows: unknown[] }>(sql.join(selects, sql` UNION ALL `));
  return Object.fromEntries(rows.map((found) => [found.name, found.rows]));
}

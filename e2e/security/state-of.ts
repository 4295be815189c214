import { sql, type SQL } from "drizzle-orm";
import { personalTables } from "@/lib/account/deletion/personal-data";
import { db } from "@/lib/db/client";

/** What is compared of tables in which some columns change by themselves: a session's last use, an email on its way. */
const settled: Partial<Record<string, SQL>> = {
  session: sql`to_jsonb(session) - 'last_seen_at' - 'idle_until'`,
  mail: sql`jsonb_build_object('id', id, 'kind', kind, 'recipient', recipient, 'token', token_id)`,
};

/**
 * Everything the database holds of an account, by table. The tables are those of the list which the export and erasure
 * use. A table of the schema that is missing there does not compile, so none can be forgotten here.
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

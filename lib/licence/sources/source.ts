import { keySource, type KeyRow, type KeySource } from "@/lib/licence/sources/key";

/**
 * The source of a grant: a union with one member per nullable foreign key of `grant_entry`. A new source needs
 *  - a migration: its column, the column's name in the CHECK `grant_entry_one_source`, a partial unique index for live grants,
 *  - a file beside this one with its part of the ledger's row, and its case here.
 * It then compiles only once the pages and commands that name sources have words for it.
 */
export type GrantSource = KeySource;

/** The columns that the ledger's one query reads for all sources; those of the other sources are null. */
export type SourceRow = KeyRow;

/** @throws Error for a row without a source, which the database refuses to store */
export function sourceOf(row: SourceRow): GrantSource {
  const source = keySource(row);
  if (!source) throw new Error("a grant without a source");
  return source;
}

import { keyReader, type KeyRow, type KeySource } from "@/lib/licence/sources/key";
import { leaseReader, type LeaseRow, type LeaseSource } from "@/lib/licence/sources/lease";

/**
 * The source of a grant: a union with one member per nullable foreign key of `grant_entry`. A new source needs
 *  - a migration: its column, the column's name in the CHECK `grant_entry_has_one_source`, a partial unique index for live
 *    grants unless it has several,
 *  - a file beside this one with its type and its reader, and its member here,
 *  - what it gives, in `givesOf` of ledger.ts.
 * It then compiles only once `readers` lists it and the pages and commands that name sources have words for it.
 */
export type GrantSource = KeySource | LeaseSource;

/** The columns that the ledger's one query reads for all sources. Those of the other sources are null. */
export type SourceRow = KeyRow & LeaseRow;

/** How the ledger's query reads one source: SQL over `g` (grant_entry) and `s` (subscription), with aliases of its own. */
export type SourceReader<Row, Source> = {
  columns: string;
  join: string;
  /** Null when the row's grant has another source. */
  read(row: Row): Source | null;
};

const readers: { [Kind in GrantSource["kind"]]: SourceReader<SourceRow, GrantSource & { kind: Kind }> } = {
  key: keyReader,
  lease: leaseReader,
};

const all = Object.values(readers);

export const sourceColumns = all.map(({ columns }) => columns).join(", ");
export const sourceJoins = all.map(({ join }) => join).join(" ");

/** @throws Error for a row without a source, which the database refuses to store */
export function sourceOf(row: SourceRow): GrantSource {
  for (const { read } of all) {
    const source = read(row);
    if (source) return source;
  }
  throw new Error("a grant without a source");
}

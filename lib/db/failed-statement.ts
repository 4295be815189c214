import "server-only";
import { DrizzleQueryError } from "drizzle-orm/errors";
import { PgPreparedQuery } from "drizzle-orm/pg-core";

type Run = (this: unknown, text: string, parameters: unknown[], query: () => Promise<unknown>) => Promise<unknown>;

const marked = Symbol("keeps parameters out of errors");

/**
 * Keeps personal data out of logged errors. A failed statement's error carries its parameters, and the driver's error
 * the row: addresses, password hashes. Next.js prints errors unchanged, so both are removed where errors arise.
 */
export function keepParametersOutOfErrors(): void {
  const statements = PgPreparedQuery.prototype as unknown as { queryWithCache: Run & { [marked]?: true } };
  const run = statements.queryWithCache;
  if (run[marked]) return;
  statements.queryWithCache = Object.assign(
    function (this: unknown, ...args: Parameters<Run>) {
      return run.apply(this, args).catch((error: unknown) => {
        throw withoutParameters(error);
      });
    } satisfies Run,
    { [marked]: true as const },
  );
}

function withoutParameters(error: unknown): unknown {
  if (!(error instanceof DrizzleQueryError)) return error;
  const said = error.message;
  error.message = `Failed query: ${error.query}`;
  error.stack = error.stack?.replace(said, () => error.message);
  error.params = [];
  withoutRow(error.cause);
  return error;
}

/** Removes the row's values from the driver's error: addresses, password hashes, digests. */
export function withoutRow(error: unknown): unknown {
  if (error instanceof Error)
    for (const name of ["detail", "where", "internalQuery"]) Reflect.deleteProperty(error, name);
  return error;
}

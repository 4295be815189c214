import "server-only";
import { Failure } from "@/lib/cli/failure";
import { CommitFailed } from "@/lib/db/commit";

/**
 * What an operator is told when issuing has failed, above all whether what was printed is good.
 * @param issued.list the command that lists batches
 */
export function failureOfIssuing(error: unknown, { what, list }: { what: "key" | "code"; list: string }): unknown {
  if (error instanceof Failure) return new Failure(`${error.message} No ${what} was issued; printed ones are void.`);
  if (!(error instanceof CommitFailed)) return error;
  return error.fate === "rolledBack"
    ? new Failure(`The database did not take the batch (${error.message}). The printed ${what}s are void.`)
    : new Failure(
        `The connection was lost while the batch was being saved (${error.message}). Run \`${list}\`. ` +
          `If the batch is listed, the printed ${what}s are good. Otherwise they are void.`,
      );
}

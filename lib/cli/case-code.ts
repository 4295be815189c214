import "server-only";
import { Failure } from "@/lib/cli/failure";
import { readCaseCode } from "@/lib/licence/refusal";

/** Reads the argument of a command. @throws Failure when it is no case code; the message does not repeat it */
export function caseCodeFrom(typed: string): string {
  const caseCode = readCaseCode(typed);
  if (!caseCode) throw new Failure("A case code has eight letters and digits, such as 7K2M-9XQP.", 2);
  return caseCode;
}

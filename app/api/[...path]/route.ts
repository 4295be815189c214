import { problem } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";

/**
 * Answers every path under `/api/` that no other route serves. It also keeps pages away from there: every page can call
 * every server action, and requests under `/api/` are not checked for their origin.
 */
const notFound = async () => problem(refuse("notFound"));

export {
  notFound as GET,
  notFound as POST,
  notFound as PUT,
  notFound as PATCH,
  notFound as DELETE,
  notFound as OPTIONS,
  notFound as HEAD,
};

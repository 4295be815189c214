import { statuses } from "@/app/statuses";
import { problem } from "@/lib/http/problem";

/**
 * Answers every path under `/api/` that no other route serves. It also keeps pages away from there: every page can call
 * every server action, and requests under `/api/` are not checked for their origin.
 */
const notFound = () => problem({ status: statuses.request.notFound, detail: "There is nothing at this address." });

export {
  notFound as GET,
  notFound as POST,
  notFound as PUT,
  notFound as PATCH,
  notFound as DELETE,
  notFound as OPTIONS,
  notFound as HEAD,
};

import { operation } from "@/app/api/serving/operation";
import { leaseListSchema, leasePath, leaseQuery, leaseSchema } from "@/app/api/v1/partner/leases/schemas";

export const listLeases = operation({
  id: "listLeases",
  method: "GET",
  path: "/api/v1/partner/leases",
  auth: "partner",
  summary: "List the partner’s leases, the oldest first",
  description: "A page at a time: pass the `next` of a page as `after` for the one behind it.",
  query: leaseQuery,
  returns: leaseListSchema,
  refusals: [],
});

export const changeLease = operation({
  id: "changeLease",
  method: "POST",
  path: "/api/v1/partner/leases/{id}/{change}",
  auth: "partner",
  summary: "Suspend, resume or end a lease",
  description:
    "The body is empty, or an empty object. Repeating a change changes nothing. A lease can be " +
    "suspended and resumed 20 times a day, and ended at any time.",
  params: leasePath,
  unknown: "unknownLease",
  returns: leaseSchema,
  refusals: ["unknownLease", "leaseEnded", "leaseChangedTooOften"],
});

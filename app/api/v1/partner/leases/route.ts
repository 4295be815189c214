import { answer, methods } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { listLeases as asked } from "@/app/api/v1/partner/leases/operations";
import { writeLease } from "@/app/api/v1/partner/leases/schemas";
import { listLeases } from "@/lib/licence/leases/list-leases";

/** Lists the leases of the partner whose token it is. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: answer(asked, async ({ caller, query }) => {
    const found = await listLeases({ ...caller, ...query });
    if (!found) return refuse("invalidRequest", { faults: ["query.after: not the `next` of a page"] });
    return { done: { leases: found.leases.map(writeLease), next: found.next } };
  }),
});

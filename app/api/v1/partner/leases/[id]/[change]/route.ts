import { answer, methods } from "@/app/api/serving/answer";
import { refuse } from "@/app/api/serving/problems";
import { changeLease as asked } from "@/app/api/v1/partner/leases/operations";
import { writeLease } from "@/app/api/v1/partner/leases/schemas";
import { changeLeaseForPartner } from "@/lib/licence/leases/change-lease";

/** Suspends, resumes or ends a lease. Another partner's lease looks like one that does not exist. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: answer(asked, async ({ caller, params, now }) => {
    const changed = await changeLeaseForPartner({ ...caller, leaseId: params.id, change: params.change }, { now });
    switch (changed.status) {
      case "changed":
      case "unchanged":
        return { done: writeLease(changed.lease) };
      case "unknown":
        return refuse("unknownLease");
      case "ended":
        return refuse("leaseEnded");
      case "limited":
        return { ...refuse("leaseChangedTooOften"), retryAt: changed.until };
    }
  }),
});

import { statuses } from "@/app/statuses";
import { methodRefused, problem } from "@/lib/http/problem";
import { listLeases } from "@/lib/licence/leases/list-leases";
import type { z } from "zod";
import { answerPartner, respond } from "../answer";
import { leaseQuery, writeLease, type leaseListSchema } from "./schemas";

/** Lists the leases of the partner whose token it is, the oldest first, a page at a time. */
export const GET = (request: Request): Promise<Response> =>
  answerPartner(request, async (partnerId) => {
    const asked = leaseQuery.safeParse(Object.fromEntries(new URL(request.url).searchParams));
    const found = asked.success ? await listLeases({ partnerId, ...asked.data }) : null;
    if (!found)
      return problem({
        status: statuses.request.invalid,
        detail: "The parameters are state, reference, after (the next of the page before) and limit (1 to 200).",
      });
    const body: z.infer<typeof leaseListSchema> = { leases: found.leases.map(writeLease), next: found.next };
    return respond({ status: 200, body });
  });

const refused = methodRefused("GET, HEAD");

export { refused as POST, refused as PUT, refused as PATCH, refused as DELETE, refused as OPTIONS };

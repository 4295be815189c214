import { statuses } from "@/app/statuses";
import { currentTime } from "@/lib/clock";
import { methodRefused } from "@/lib/http/problem";
import { changeLeaseOnce, type Changed } from "@/lib/licence/leases/change-lease";
import { answerPartner, refusal, respond, tooMany } from "../../../answer";
import { idempotencyKey, leaseChangeBody, leasePath, writeLease } from "../../schemas";

type Given = { params: Promise<{ id: string; change: string }> };

/** Suspends, resumes or ends a lease. Another partner's lease looks like one that does not exist. */
export const POST = (request: Request, { params }: Given): Promise<Response> =>
  answerPartner(request, async (partnerId) => {
    const path = leasePath.safeParse(await params);
    if (!path.success) return respond(unknown);
    const key = idempotencyKey.safeParse(request.headers.get("idempotency-key"));
    const body = await request.text();
    if (!key.success) return respond(refusal(statuses.request.invalid, "Idempotency-Key has 1 to 255 characters."));
    if (!isEmpty(body)) return respond(refusal(statuses.request.invalid, "The body is empty, or an empty object."));

    const { id: leaseId, change } = path.data;
    const asked = { partnerId, leaseId, change, idempotencyKey: key.data, request: `POST ${leaseId} ${change}` };
    const answer = await changeLeaseOnce(asked, { now: currentTime(), answer: answerTo });
    if (answer?.status === "limited") return tooMany("This lease has changed too often today.", answer.until);
    return respond(answer ?? refusal(statuses.request.invalid, "This Idempotency-Key was used with another request."));
  });

const unknown = refusal(statuses.lease.unknown, "There is no such lease.");

function answerTo(changed: Changed) {
  switch (changed.status) {
    case "changed":
    case "unchanged":
      return { status: 200, body: writeLease(changed.lease) };
    case "unknown":
      return unknown;
    case "ended":
      return refusal(statuses.lease.ended, "The lease has ended. An end is final: give your customer a new code.");
  }
}

function isEmpty(body: string): boolean {
  if (body.trim() === "") return true;
  try {
    return leaseChangeBody.safeParse(JSON.parse(body)).success;
  } catch {
    return false;
  }
}

const refused = methodRefused("POST");

export { refused as GET, refused as HEAD, refused as PUT, refused as PATCH, refused as DELETE, refused as OPTIONS };

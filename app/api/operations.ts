import type { Operation } from "@/app/api/serving/operation";
import { getAccount } from "@/app/api/v1/account/operations";
import { activate, release, replace } from "@/app/api/v1/activations/operations";
import { getEntitlement } from "@/app/api/v1/entitlement/operations";
import { claimHandoff, getClaim } from "@/app/api/v1/handoffs/operations";
import { previewKey, redeemKey } from "@/app/api/v1/keys/operations";
import { changeLease, listLeases } from "@/app/api/v1/partner/leases/operations";
import { endSession } from "@/app/api/v1/sessions/current/operations";
import { listSubscriptions } from "@/app/api/v1/subscriptions/operations";

/** Every operation of the API by subject, in the order of the document. A route without a row here fails a test. */
export const operations: Record<string, readonly Operation[]> = {
  Account: [getAccount, endSession],
  Subscriptions: [listSubscriptions],
  Devices: [activate, release, replace, getEntitlement],
  Keys: [previewKey, redeemKey],
  "Hand-offs": [claimHandoff, getClaim],
  Partners: [listLeases, changeLease],
};

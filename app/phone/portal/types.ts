import type { ProductCode } from "@/lib/brand";

/** A subscription, as `GET /api/v1/subscriptions` lists it. */
export type Subscription = {
  id: string;
  product: ProductCode;
  endsAt: string | null;
  partner: string | null;
  seats: { total: number; used: number };
  activationId: string | null;
};

export type Subscriptions = {
  subscriptions: Subscription[];
  kept: { id: string; product: ProductCode; hint: string }[];
};

/** A device that holds a seat. */
export type Activation = {
  id: string;
  device: { id: string; name: string; model: string | null; system: string };
  lastSeenAt: string;
};

/** What a key would do, as `POST /api/v1/keys/preview` says. */
export type Preview =
  | {
      kind: "productKey";
      product: ProductCode;
      seats: number;
      term: { months: number; days: number };
      choices: (
        { choice: "start" | "extend" | "add"; endsAt: string } | { choice: "keep"; runningUntil: string | null }
      )[];
      version: string;
    }
  | { kind: "partnerCode"; product: ProductCode; seats: number; partner: string }
  | { kind: "alreadyYours"; subscriptionId: string };

export type Redemption =
  { result: "activated" | "alreadyYours"; subscriptionId: string } | { result: "kept"; keptId: string };

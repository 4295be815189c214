import "server-only";
import type { GivingKind } from "@/lib/licence/choices";
import { previewKey } from "@/lib/licence/preview-key";
import { redeemKey, type Redemption } from "@/lib/licence/redeem-key";

type Owned = { key: string; accountId: string };

/** What the review page sends back: the best choice of what was shown that gives something now. */
export type Shown = { choice: GivingKind; previewVersion: string };

/** Looks at a key as the review page does. @throws Error when it is refused */
export async function showPreview(owned: Owned, { now }: { now: Date }): Promise<Shown> {
  const preview = await previewKey({ ...owned, network: null }, { now });
  if (preview.status !== "ready") throw new Error(`no preview: ${JSON.stringify(preview)}`);
  const best = preview.choices.map(({ kind }) => kind).find((kind) => kind !== "keep");
  return { choice: best!, previewVersion: preview.version };
}

/** Looks, then confirms what was shown. */
export const redeemShown = async (owned: Owned, { now }: { now: Date }): Promise<Redemption> =>
  redeemKey({ ...owned, network: null, ...(await showPreview(owned, { now })) }, { now });

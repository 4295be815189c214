import "server-only";
import { eq } from "drizzle-orm";
import { db, transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { partner } from "@/lib/db/schema/partner";

export type Partner = { id: string; slug: string; name: string };

/**
 * Creates a partner. @param asked.slug its name in commands; `name`: its name on customers' pages
 * @returns null when another partner has this slug
 */
export const createPartner = (
  { slug, name }: { slug: string; name: string },
  { now }: { now: Date },
): Promise<Partner | null> =>
  transaction(async (tx) => {
    const [made] = await tx
      .insert(partner)
      .values({ slug, name, createdAt: now })
      .onConflictDoNothing({ target: partner.slug })
      .returning({ id: partner.id });
    if (!made) return null;
    await recordEvent(tx, { action: "partner.created", actor: "operator", subject: slug, at: now });
    return { id: made.id, slug, name };
  });

export async function findPartner({ slug }: { slug: string }): Promise<Partner | null> {
  const columns = { id: partner.id, slug: partner.slug, name: partner.name };
  const [found] = await db().select(columns).from(partner).where(eq(partner.slug, slug));
  return found ?? null;
}

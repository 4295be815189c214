import "server-only";
import { Failure } from "@/lib/cli/failure";
import { findPartner, type Partner } from "@/lib/licence/partners/partners";

/** @throws Failure when there is no such partner */
export async function getPartner(slug: string): Promise<Partner> {
  const found = await findPartner({ slug });
  if (!found) throw new Failure(`There is no partner ${slug}. Create it with \`partners create\`.`);
  return found;
}

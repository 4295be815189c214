import { z } from "zod";
import { productCodes } from "@/lib/brand";
import { leaseChanges } from "@/lib/licence/leases/change-lease";
import { leaseStates } from "@/lib/licence/sources/lease";
import type { LeaseView } from "@/lib/licence/leases/list-leases";

/** The reference that `partners codes` prints beside each code. */
const reference = z.string().regex(/^[\w-]{16}$/);

export const leaseSchema = z.strictObject({
  id: z.uuid(),
  reference,
  product: z.enum(productCodes),
  state: z.enum(leaseStates),
  startedAt: z.iso.datetime(),
  /** When it came into its state. */
  changedAt: z.iso.datetime(),
});

export const leaseQuery = z.strictObject({
  state: z.enum(leaseStates).optional(),
  reference: reference.optional(),
  /** The `next` of the page before. */
  after: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const leaseListSchema = z.strictObject({
  leases: z.array(leaseSchema),
  /** Pass it as `after` for the next page. Null: this is the last. */
  next: z.string().nullable(),
});

export const leasePath = z.strictObject({ id: z.uuid(), change: z.enum(leaseChanges) });

/** A lease as the API writes it. It names no customer. */
export const writeLease = ({ startedAt, changedAt, ...lease }: LeaseView): z.infer<typeof leaseSchema> =>
  leaseSchema.parse({ ...lease, startedAt: startedAt.toISOString(), changedAt: changedAt.toISOString() });

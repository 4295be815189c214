import type { GrantSource, SourceReader } from "@/lib/licence/sources/source";

/** `ended` is final. */
export const leaseStates = ["running", "suspended", "ended"] as const;

export type LeaseState = (typeof leaseStates)[number];

/** A partner's lease, which gives coverage until the partner suspends or ends it. Each time it runs is one grant. */
export type LeaseSource = {
  kind: "lease";
  leaseId: string;
  /** The partner's name on pages. */
  partner: string;
  state: LeaseState;
  /** When it came into its state. */
  changedAt: Date;
};

/** The lease whose subscription this is, or null. A lease has a subscription of its own, which no key extends. */
export const leaseOf = ({ grants }: { grants: readonly { source: GrantSource }[] }): LeaseSource | null =>
  grants.map(({ source }) => source).find((source) => source.kind === "lease") ?? null;

export type LeaseRow = {
  leaseId: string | null;
  partner: string | null;
  leaseState: LeaseState | null;
  leaseChangedAt: Date | null;
};

export const leaseReader: SourceReader<LeaseRow, LeaseSource> = {
  columns: `g.lease_id AS "leaseId", r.name AS partner, l.state AS "leaseState", l.changed_at AS "leaseChangedAt"`,
  join: `LEFT JOIN lease l ON l.id = g.lease_id AND l.account_id = s.account_id
         LEFT JOIN partner_code c ON c.id = l.code_id
         LEFT JOIN partner_batch pb ON pb.id = c.batch_id
         LEFT JOIN partner r ON r.id = pb.partner_id`,
  read: ({ leaseId, partner, leaseState, leaseChangedAt }) =>
    leaseId && partner && leaseState && leaseChangedAt
      ? { kind: "lease", leaseId, partner, state: leaseState, changedAt: leaseChangedAt }
      : null,
};

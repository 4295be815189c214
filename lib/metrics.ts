import "server-only";

/** What the portal counts, with the names of each count's labels. */
export const counters = {
  redemptions: { help: "Attempts to redeem a product key, by outcome", labels: ["outcome"] },
  refusals: { help: "Product keys that were refused, by reason", labels: ["reason"] },
  activations: { help: "Attempts to give a device a seat, by outcome", labels: ["outcome"] },
  limits_hit: { help: "Attempts that a rate limit refused", labels: ["limit"] },
  emails: { help: "Emails that ended, by outcome", labels: ["outcome"] },
  shed: { help: "Requests refused because there were too many, by kind", labels: ["kind"] },
  outages: { help: "Requests that met an outage of the database, by its error code", labels: ["code"] },
  jobs: { help: "Runs of a job, by outcome", labels: ["job", "outcome"] },
} as const satisfies Record<string, { help: string; labels: readonly string[] }>;

export type CounterName = keyof typeof counters;
type Labels<Name extends CounterName> = Record<(typeof counters)[Name]["labels"][number], string>;

export type Metrics = {
  count<Name extends CounterName>(name: Name, labels: Labels<Name>): void;
  /** @param seconds from the request's arrival to the end of its response */
  observeRequest(labels: { route: string; method: string; status: string }, seconds: number): void;
};

// Next.js evaluates a module once per bundle, so the process's metrics are kept on `globalThis`. Without METRICS_PORT there
// are none.
export const shared = globalThis as { portalMetrics?: Metrics };

/** Counts one more, if somebody asks for metrics. Labels are words of the program, never what a person typed. */
export const count: Metrics["count"] = (name, labels) => shared.portalMetrics?.count(name, labels);

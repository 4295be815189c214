import "server-only";
import { once } from "node:events";
import { createServer } from "node:http";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { watchedPages } from "@/lib/account/handoff/watch-handoffs";
import { countMails } from "@/lib/mail/count-mails";
import { poolLoad } from "@/lib/db/client";
import type { Env } from "@/lib/env";
import { admissions } from "@/lib/http/overload";
import { countOpenDisputes } from "@/lib/licence/disputes/list-disputes";
import { counters, shared, type CounterName, type Metrics } from "@/lib/metrics";

const prefix = "portal_";

/**
 * Serves Prometheus's text format at `/metrics`, on a port of its own. From now on the process counts.
 * @returns stops it
 * @throws the system's error when it cannot listen there
 */
export async function serveMetrics({ host, port }: NonNullable<Env["metrics"]>): Promise<() => void> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  shared.portalMetrics = makeMetrics(registry);
  addGauges(registry);

  const server = createServer((request, response) => {
    if (request.url !== "/metrics") return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.setHeader("Content-Type", registry.contentType).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen({ host, port });
  await once(server, "listening");
  return () => {
    delete shared.portalMetrics;
    server.close();
    server.closeAllConnections();
  };
}

function makeMetrics(registry: Registry): Metrics {
  const made = Object.fromEntries(
    Object.entries(counters).map(([name, { help, labels }]) => [
      name,
      new Counter({ name: `${prefix}${name}_total`, help, labelNames: [...labels], registers: [registry] }),
    ]),
  ) as Record<CounterName, Counter<string>>;
  const requests = new Histogram({
    name: `${prefix}request_seconds`,
    help: "Requests by route, method and status, with their duration",
    labelNames: ["route", "method", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    count: (name, labels) => made[name].inc(labels),
    observeRequest: (labels, seconds) => requests.observe(labels, seconds),
  };
}

/** Read when they are asked for. What the database cannot tell now is left out. */
function addGauges(registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: prefix + name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("database_connections_in_use", "Connections of the pool that are in use", () => poolLoad().inUse);
  gauge("database_connections_waiting", "Requests that wait for a connection of the pool", () => poolLoad().waiting);
  gauge("pages_in_flight", "Pages that are being rendered", () => admissions.pages.load.inside);
  gauge("pages_waiting", "Requests for a page that wait for a place", () => admissions.pages.load.waiting);
  gauge("forms_in_flight", "Forms that are being answered", () => admissions.forms.load.inside);
  gauge("live_pages", "Open pages that are told how a device goes on", watchedPages);
  const stored = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name: prefix + name,
      help,
      registers: [registry],
      async collect() {
        const found = await read().catch(() => null);
        if (found === null) this.reset();
        else this.set(found);
      },
    });
  stored("emails_waiting", "Emails that wait to be sent", () => countMails("waiting"));
  stored("emails_given_up", "Emails that were given up and not deleted yet", () => countMails("given-up"));
  stored("disputes_open", "Disputes that wait for an answer", countOpenDisputes);
}

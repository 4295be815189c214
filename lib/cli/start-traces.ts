import "server-only";
import type { Attributes, Tracer, TracerOptions } from "@opentelemetry/api";
import { loggedPath } from "@/lib/http/logged-path";

/**
 * Exports traces by OpenTelemetry, as its own variables say (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME` and so
 * on). Next.js makes the spans. Loaded only when it is wanted. Call it before Next.js is loaded.
 * @returns sends what is left and stops
 */
export async function startTraces(): Promise<() => Promise<void>> {
  const [{ NodeSDK }, { trace }] = await Promise.all([import("@opentelemetry/sdk-node"), import("@opentelemetry/api")]);
  const sdk = new NodeSDK({ serviceName: "portal" });
  sdk.start();
  const started = trace.getTracerProvider();
  trace.disable();
  trace.setGlobalTracerProvider({
    getTracer: (name: string, version?: string, options?: TracerOptions) =>
      withoutSecrets(started.getTracer(name, version, options)),
  });
  return () => sdk.shutdown();
}

/** Next.js writes the whole target of a request on its spans. Links in emails, codes and answers to apps are secrets. */
function withoutSecrets(tracer: Tracer): Tracer {
  const startSpan = tracer.startSpan.bind(tracer);
  tracer.startSpan = (name, options, context) =>
    startSpan(name, options?.attributes ? { ...options, attributes: masked(options.attributes) } : options, context);
  return tracer;
}

const masked = ({ "http.target": target, ...others }: Attributes): Attributes => ({
  ...others,
  ...(typeof target === "string" && { "http.target": loggedPath(target) }),
});

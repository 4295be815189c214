import "server-only";

/**
 * Exports traces by OpenTelemetry, as its own variables say (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME` and so
 * on). Next.js makes the spans. Loaded only when it is wanted. Call it before Next.js is loaded.
 * @returns sends what is left and stops
 */
export async function startTraces(): Promise<() => Promise<void>> {
  const { NodeSDK } = await import("@opentelemetry/sdk-node");
  const sdk = new NodeSDK({ serviceName: "portal" });
  sdk.start();
  return () => sdk.shutdown();
}

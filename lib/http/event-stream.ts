import "server-only";
import type { ServerResponse } from "node:http";

/** Whether a response sends events for as long as its client listens (text/event-stream). */
export const isEventStream = (response: ServerResponse): boolean =>
  response.headersSent && String(response.getHeader("Content-Type")).startsWith("text/event-stream");

/** Runs `work` once, when a response turns out to be a stream of events. It costs next to nothing from then on. */
export function onEventStream(response: ServerResponse, work: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = ((...args: unknown[]) => {
    const answer = writeHead(...args);
    if (isEventStream(response)) work();
    return answer;
  }) as ServerResponse["writeHead"];
}

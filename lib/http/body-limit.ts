import "server-only";
import type { IncomingMessage } from "node:http";

/**
 * Counts a body as it arrives, whoever reads it and whatever Content-Length says. It discards everything beyond `most`
 * bytes: no reader sees the excess or the end of the body.
 * @param onExcess called once, at the first excess byte
 */
export function limitBody(request: IncomingMessage, most: number, onExcess: () => void): void {
  const push = request.push.bind(request);
  let received = 0;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    const wasWithin = received <= most;
    received += chunk?.length ?? 0;
    if (received <= most) return push(chunk, encoding);
    if (wasWithin) onExcess();
    // Without this, the reader would wait for ever. It is deferred because the response leaves in the next tick.
    if (chunk === null) setImmediate(() => request.destroy(new Error("the body exceeds the site's limit")));
    // Node continues to read from the socket.
    return true;
  };
}

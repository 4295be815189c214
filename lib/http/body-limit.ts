import "server-only";
import type { IncomingMessage } from "node:http";

/**
 * Counts a body while it arrives, whoever reads it and whatever Content-Length says. What goes beyond `most` bytes is
 * thrown away: no reader ever sees it, nor an end of the body.
 * @param onExcess called once, at the first byte too many
 */
export function limitBody(request: IncomingMessage, most: number, onExcess: () => void): void {
  const push = request.push.bind(request);
  let received = 0;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    const wasWithin = received <= most;
    received += chunk?.length ?? 0;
    if (received <= most) return push(chunk, encoding);
    if (wasWithin) onExcess();
    // Its reader would wait for ever. Later, because the answer to this request leaves with the next tick.
    if (chunk === null) setImmediate(() => request.destroy(new Error("the body is larger than the site takes")));
    // Node goes on reading from the socket.
    return true;
  };
}

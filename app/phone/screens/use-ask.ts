import { useEffect, useState } from "react";
import { useOutcome } from "./context";
import { call } from "../portal/client";

/** Asks the portal once the screen is shown. Null until it has answered. */
export function useAsk<Body>(path: `/api/v1/${string}`): Body | null {
  const [body, setBody] = useState<Body | null>(null);
  const outcome = useOutcome();
  useEffect(() => {
    let isGone = false;
    void call<Body>(path).then((answer) => {
      if (!isGone) setBody(outcome(answer));
    });
    return () => {
      isGone = true;
    };
    // Once per screen: what the answer does to the app is not a reason to ask again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [path]);
  return body;
}

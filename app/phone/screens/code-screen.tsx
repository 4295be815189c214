import { useEffect, useState, type FormEvent } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { problemText, usePhone } from "./context";
import { DeviceName } from "./device-name";
import { ScreenFrame, Stack } from "./parts";
import { claim, collect, stopWaiting, waitingNumber } from "../portal/client";

/** Milliseconds between two questions whether the computer has said yes. */
const ASK_EVERY = 1_000;

/** Signs in by the code on another screen, without a password. */
export function CodeScreen() {
  const { words, code, device, say } = usePhone();
  const [number, setNumber] = useState(() => waitingNumber(code));

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("code")).trim();
    if (!typed) return say(words.code.empty);
    const answer = await claim(typed, device);
    if (answer.status === "done") {
      say(null);
      setNumber(answer.body.number);
    } else {
      say(answer.status === "refused" ? problemText(answer.problem.code, words) : words.faults.offline);
    }
  };

  const over = () => {
    stopWaiting();
    setNumber(null);
  };
  if (number !== null) return <Compare number={number} over={over} />;
  return (
    <ScreenFrame title={words.code.title} back>
      <p className="mt-2 mb-6 text-soft">{words.code.lead}</p>
      <DeviceName />
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Field
          id="code"
          name="code"
          label={words.code.label}
          defaultValue={code}
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          dir="ltr"
        />
        <Button type="submit">{words.code.submit}</Button>
      </form>
    </ScreenFrame>
  );
}

/** The number that both screens show, until the other one has answered. */
function Compare({ number, over }: { number: number; over: () => void }) {
  const { words, go, say } = usePhone();
  useEffect(() => {
    let isGone = false;
    const ask = async () => {
      const answer = await collect();
      if (isGone) return;
      if (answer === "signedIn") return go("subscriptions", "replace");
      if (answer === "pending" || answer === "offline") {
        timer = setTimeout(() => void ask(), ASK_EVERY);
        return;
      }
      over();
      say(words.code[answer]);
    };
    let timer = setTimeout(() => void ask(), ASK_EVERY);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
    // The person's answer is asked for once per claim.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [number]);
  return (
    <ScreenFrame title={words.code.compare}>
      <p className="my-6 text-center font-mono text-[4rem]/none font-bold tracking-tight text-green">{number}</p>
      <Notice tone="info">{words.code.compareText}</Notice>
      <p role="status" className="mt-5 text-center text-soft">
        {words.code.waiting}
      </p>
      <Stack>
        <Button variant="quiet" onClick={over}>
          {words.code.stop}
        </Button>
      </Stack>
    </ScreenFrame>
  );
}

import { phoneSystems } from "@/app/phone-system";
import { Button } from "@/components/button";
import { fill } from "@/lib/messages/fill";
import { usePhone } from "./context";
import { DeviceName } from "./device-name";
import { ScreenFrame, Stack } from "./parts";
import { leaveToSignIn } from "../portal/client";

/** Before sign-in, in the words of the two systems' apps. */
export function StartScreen() {
  const { words, device, nameDevice, go } = usePhone();
  const isIos = device.system === "ios";
  const isUnnamed = device.name === words.deviceName[device.system];
  return (
    <ScreenFrame title={fill(words.start.title, { app: words.brand.app })}>
      <p className="mt-2 text-soft">{words.start.lead}</p>
      <Stack>
        {isIos ? (
          <Button onClick={() => go("activate")}>{words.start.activate}</Button>
        ) : (
          <Button onClick={() => void leaveToSignIn(device, "subscriptions")}>{words.start.signIn}</Button>
        )}
        <Button variant="quiet" onClick={() => go("code")}>
          {words.start.code}
        </Button>
      </Stack>
      <div className="mt-8 border-t border-line pt-5">
        <DeviceName />
        <fieldset>
          <legend className="font-bold">{words.start.wording}</legend>
          {phoneSystems.map((system) => (
            <label key={system} className="me-6 inline-flex min-h-target cursor-pointer items-center gap-3">
              <input
                type="radio"
                name="system"
                className="size-6 accent-green"
                checked={device.system === system}
                onChange={() => nameDevice({ system, ...(isUnnamed && { name: words.deviceName[system] }) })}
              />
              {words.system[system]}
            </label>
          ))}
        </fieldset>
      </div>
    </ScreenFrame>
  );
}

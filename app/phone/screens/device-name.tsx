import { Field } from "@/components/field";
import { usePhone } from "./context";

/** How the device is called on the computer and in My devices. An empty field changes nothing. */
export function DeviceName() {
  const { words, device, nameDevice } = usePhone();
  return (
    <Field
      key={device.system}
      id="device-name"
      label={words.name.label}
      hint={words.name.hint}
      defaultValue={device.name}
      maxLength={60}
      autoComplete="off"
      onBlur={({ target }) => {
        const name = target.value.trim();
        if (name) nameDevice({ name });
        else target.value = device.name;
      }}
    />
  );
}

import { describe, expect, it } from "vitest";
import { deviceShape } from "@/lib/licence/devices/device-shape";

const device = { installId: "a1B2-c3_d4E5f6G7", name: "Camille’s phone", model: "Pixel 9", system: "android" };

describe("what an app says of its device", () => {
  it.each([
    [
      { ...device, name: "  Téléphone de Zoé 👩‍💻 " },
      { ...device, name: "Téléphone de Zoé 👩‍💻" },
    ],
    [
      { ...device, name: "هاتف" },
      { ...device, name: "هاتف" },
    ],
    [
      { ...device, model: null, system: "ios" },
      { ...device, model: null, system: "ios" },
    ],
    [
      { ...device, name: "x".repeat(60) },
      { ...device, name: "x".repeat(60) },
    ],
  ])("is taken as %j", (given, taken) => {
    expect(deviceShape.parse(given)).toEqual(taken);
  });

  it.each([
    ["an empty name", { ...device, name: "  " }],
    ["a name that nobody can see", { ...device, name: "\u200D\u200D" }],
    ["a name that turns the text around it", { ...device, name: "phone\u202Eenohp" }],
    ["a name with a mark that turns the text around it", { ...device, name: "phone\u061C" }],
    ["a name of two lines", { ...device, name: "phone\nSubject: hello" }],
    ["a name of 61 characters", { ...device, name: "x".repeat(61) }],
    ["an empty model", { ...device, model: "" }],
    ["no model at all", { installId: device.installId, name: device.name, system: device.system }],
    ["an installation's name that can be guessed", { ...device, installId: "phone-1" }],
    ["an installation's name with other characters", { ...device, installId: "a1B2c3d4E5f6G7h8é" }],
    ["an unknown system", { ...device, system: "symbian" }],
  ])("is refused with %s", (_what, given) => {
    expect(deviceShape.safeParse(given).success).toBe(false);
  });
});

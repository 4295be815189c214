import { z } from "zod";
import { operation } from "@/app/api/serving/operation";
import { activation, device } from "@/app/api/shapes/activation";
import { examples } from "@/app/api/shapes/examples";

const path = z.strictObject({ id: z.uuid().meta({ description: "The activation’s id." }) });

const rules =
  "The same device keeps its seat, however often it asks. A device that holds a seat of another subscription moves. " +
  "The first device that an app activates is its own from then on: another one is refused.";

export const activate = operation({
  id: "activateDevice",
  method: "POST",
  path: "/api/v1/activations",
  auth: "app",
  summary: "Give this device a seat",
  description: rules,
  body: z.strictObject({ subscriptionId: z.uuid().meta({ example: examples.subscription }), device }),
  returns: activation,
  refusals: ["unknownSubscription", "subscriptionNotRunning", "noSeatLeft", "tooManyDevices", "otherDevice"],
});

export const release = operation({
  id: "releaseActivation",
  method: "DELETE",
  path: "/api/v1/activations/{id}",
  auth: "app",
  summary: "Free the seat of a device",
  description: "It may be any device of the account. The seat is free at once. Repeating the request is a success too.",
  params: path,
  unknown: "unknownActivation",
  returns: null,
  refusals: ["unknownActivation"],
});

export const replace = operation({
  id: "replaceActivation",
  method: "POST",
  path: "/api/v1/activations/{id}/replace",
  auth: "app",
  summary: "Give the seat of a device to this one",
  description: `Either both happen or neither. ${rules}`,
  params: path,
  unknown: "unknownActivation",
  body: z.strictObject({ device }),
  returns: activation,
  refusals: ["unknownActivation", "subscriptionNotRunning", "noSeatLeft", "tooManyDevices", "otherDevice"],
});

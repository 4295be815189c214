import { z } from "zod";
import { examples } from "@/app/api/shapes/examples";
import { productCodes, systems } from "@/lib/brand";
import { deviceShape } from "@/lib/licence/devices/device-shape";
import type { ActivationView } from "@/lib/licence/devices/devices";

const instant = z.iso.datetime().meta({ example: examples.instant });

export const device = deviceShape.meta({
  id: "Device",
  description:
    "What the app says of the device it runs on. `installId` is a random name that the app gives its installation and keeps.",
  example: { installId: "Qm4xT9wZ2nB7kLrV", name: "Camille’s phone", model: "Pixel 9", system: "android" },
});

/** A device that holds a seat. */
export const activation = z
  .strictObject({
    id: z.uuid(),
    subscriptionId: z.uuid(),
    product: z.enum(productCodes),
    device: z.strictObject({
      id: z.uuid(),
      name: z.string(),
      model: z.string().nullable(),
      system: z.enum(systems),
    }),
    activatedAt: instant,
    lastSeenAt: instant,
    silent: z.boolean().meta({ description: "The device was not seen for 90 days." }),
    duplicateOf: z.uuid().nullable().meta({
      description: "The activation of what is probably the same device with the app installed again.",
      example: null,
    }),
  })
  .meta({
    id: "Activation",
    description: "A device that holds a seat of a subscription.",
    example: {
      ...{ id: examples.id, subscriptionId: examples.subscription, product: "norton-360-deluxe" },
      device: { id: examples.device, name: "Camille’s phone", model: "Pixel 9", system: "android" },
      ...{ activatedAt: examples.instant, lastSeenAt: examples.instant, silent: false, duplicateOf: null },
    },
  });

export const writeActivation = ({ activatedAt, lastSeenAt, ...view }: ActivationView): z.infer<typeof activation> => ({
  ...view,
  activatedAt: activatedAt.toISOString(),
  lastSeenAt: lastSeenAt.toISOString(),
});

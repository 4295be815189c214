import { getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { products } from "@/lib/brand";
import type { SeatedDevices } from "@/lib/licence/devices/list-devices";
import { MoveAll } from "./move-all";

/** How many seats a new device can take. A product may have lost seats. */
export const freeIn = ({ subscription: { seats }, devices }: SeatedDevices) => Math.max(0, seats - devices.length);

type RoomProps = { seated: SeatedDevices; others: readonly SeatedDevices[]; accountId: string };

/** Below the devices of a running subscription: what its seats still allow. */
export async function Room({ seated, others, accountId }: RoomProps) {
  const t = await getTranslations("devices");
  const { subscription, devices } = seated;
  const { id, seats } = subscription;
  const free = freeIn(seated);
  const elsewhere = others.flatMap((other) => other.devices).length;
  return (
    <>
      {devices.length === 0 ? (
        <div className="border-t border-line py-5">
          <h3 className="text-h3">{t("none.title")}</h3>
          <p className="mt-1 max-w-measure">{t("none.text")}</p>
        </div>
      ) : (
        <p className="border-t border-line py-4 text-soft">
          {devices.length > seats
            ? t("over", { seats, taken: devices.length })
            : free > 0
              ? t("free", { count: free })
              : t("full")}
        </p>
      )}
      {elsewhere > 0 && free > 0 && (
        <MoveAll
          accountId={accountId}
          subscriptionId={id}
          means={t("moveMeans", { count: elsewhere })}
          label={t("moveHere")}
          variant="quiet"
        />
      )}
    </>
  );
}

type WayOutProps = { to: SeatedDevices | undefined; accountId: string };

/** Below the devices of a subscription that does not protect them: where they can move. */
export async function WayOut({ to, accountId }: WayOutProps) {
  const t = await getTranslations("devices");
  if (to && freeIn(to) > 0) {
    const { id, product } = to.subscription;
    const label = t("moveTo", { product: products[product].name });
    return <MoveAll accountId={accountId} subscriptionId={id} label={label} />;
  }
  return (
    <div className="border-t border-line py-5">
      {to && <p className="mb-3 max-w-measure text-small text-soft">{t("noFree")}</p>}
      <ButtonLink size="small" variant="quiet" href="/home/setup/key">
        {t("enterKey")}
      </ButtonLink>
    </div>
  );
}

import { getFormatter, getLocale, getTranslations } from "next-intl/server";
import { ButtonLink } from "@/components/button";
import { Notice } from "@/components/notice";
import { OtherAccount } from "@/components/other-account";
import { PageHeading } from "@/components/page-heading";
import { PageTitle } from "@/components/page-title";
import { available, requireSession } from "@/app/gate";
import { brand } from "@/lib/brand";
import { currentTime } from "@/lib/clock";
import { listDevices, type SeatedDevices } from "@/lib/licence/devices/list-devices";
import { DeviceRow } from "./device-row";
import { freeIn, Room, WayOut } from "./room";
import { Seats } from "./seats";

const here = "/home/devices";

type DevicesPageProps = { searchParams: Promise<{ again?: string; released?: string; moved?: string; to?: string }> };

/** The devices of each subscription. Releasing one frees its seat at once. */
export default async function DevicesPage({ searchParams }: DevicesPageProps) {
  const { account } = await requireSession(here);
  const now = currentTime();
  const [t, locale, { again, released, moved, to }, { subscriptions, seatless }] = await Promise.all([
    getTranslations("devices"),
    getLocale(),
    searchParams,
    available(here, listDevices({ accountId: account.id }, { now })),
  ]);
  const wording = { account, now, locale };
  const running = subscriptions.filter(isRunning);
  const roomiest = running.toSorted((a, b) => freeIn(b) - freeIn(a))[0];
  const hasDevices = subscriptions.some(({ devices }) => devices.length > 0);
  return (
    <>
      <PageTitle title={t("title")} site={brand.site} />
      <PageHeading title={t("title")} lead={subscriptions.length > 0 && t("lead")} />
      {again === "account" && <OtherAccount email={account.email} />}
      {(released || isCount(moved)) && (
        <div className="mb-8">
          <Notice tone={moved === "0" ? "info" : "done"}>
            {isCount(moved)
              ? [t("moved", { count: Number(moved) }), await stayedInWords(subscriptions, to)].join(" ")
              : t("released")}
          </Notice>
        </div>
      )}
      {subscriptions.length === 0 && (
        <div className="max-w-measure">
          <h2 className="text-h2 tracking-tight">{t("empty.title")}</h2>
          <p className="mt-2 mb-6 text-lead text-soft">{t("empty.text")}</p>
          <div className="flex flex-wrap gap-3">
            <ButtonLink href="/home/setup/key">{t("enterKey")}</ButtonLink>
            <ButtonLink variant="quiet" href="/home/subscriptions">
              {t("empty.action")}
            </ButtonLink>
          </div>
        </div>
      )}
      <div className="grid gap-8">
        {subscriptions.map((one) => (
          <Seats key={one.subscription.id} {...one} {...wording}>
            {isRunning(one) ? (
              <Room seated={one} others={running.filter((other) => other !== one)} accountId={account.id} />
            ) : (
              <WayOut to={roomiest} accountId={account.id} />
            )}
          </Seats>
        ))}
        {seatless.length > 0 && (
          <section aria-labelledby="seatless">
            <h2 id="seatless" className="text-h2 tracking-tight">
              {t("seatless.title")}
            </h2>
            <p className="mt-1 mb-4 max-w-measure text-soft">{t("seatless.text")}</p>
            <ul className="border-b border-line">
              {seatless.map((device) => (
                <DeviceRow key={device.id} device={device} activation={null} {...wording} />
              ))}
            </ul>
          </section>
        )}
      </div>
      {hasDevices && <p className="mt-8 max-w-measure text-small text-soft">{t("releaseMeans")}</p>}
      {running.length > 0 && (
        <div className="mt-8">
          <ButtonLink variant={hasDevices ? "quiet" : "primary"} href="/home/setup/device">
            {t("setUp")}
          </ButtonLink>
        </div>
      )}
    </>
  );
}

const isRunning = ({ subscription }: SeatedDevices) => subscription.state === "active";

/** A query may hold anything. */
const isCount = (moved: unknown): moved is string => typeof moved === "string" && /^\d{1,3}$/.test(moved);

/** Names the devices that hold a seat elsewhere still, after all were moved to one subscription. */
async function stayedInWords(subscriptions: readonly SeatedDevices[], target: string | undefined) {
  const elsewhere = subscriptions.filter(({ subscription }) => subscription.id !== target);
  const names = elsewhere.flatMap(({ devices }) => devices.map(({ device }) => device.name));
  if (names.length === 0 || elsewhere.length === subscriptions.length) return null;
  const [t, format] = await Promise.all([getTranslations("devices"), getFormatter()]);
  return t("stayed", { names: format.list(names) });
}

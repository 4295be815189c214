import { getTranslations } from "next-intl/server";
import { Fragment, type ReactNode } from "react";
import { ButtonLink } from "@/components/button";
import type { PhoneSystem } from "@/app/phone-system";
import { brand } from "@/lib/brand";

const strong = (words: ReactNode) => <strong>{words}</strong>;

type SystemStepsProps = {
  system: PhoneSystem;
  inHand: boolean;
  /** Whether the store's link is shown as a QR code. A page has only one code to scan. */
  scans: boolean;
};

/** How to install the app on one system: a store button on the device itself, or the store's link. */
export async function SystemSteps({ system, inHand, scans }: SystemStepsProps) {
  const t = await getTranslations("device");
  const { app, account } = brand;
  const steps: ReactNode[] =
    system === "ios"
      ? [t("ios.open", { app }), t.rich("ios.activate", { strong }), t.rich("ios.signIn", { account, strong })]
      : [t("android.open", { app }), t.rich("android.signIn", { strong }), t.rich("android.choose", { strong })];
  return (
    <section aria-labelledby={system}>
      <h2 id={system} className="sr-only">
        {t(`${system}.title`)}
      </h2>
      {inHand && <p className="text-soft">{t("detected")}</p>}
      <ol className="mt-3">
        <Step number={1}>
          {t(`${system}.install`, { app })}
          <div className="mt-3 mb-2">
            {inHand ? <StoreButton system={system} /> : <StoreCode system={system} scans={scans} />}
          </div>
        </Step>
        {steps.map((step, index) => (
          <Step key={index} number={index + 2}>
            {step}
          </Step>
        ))}
      </ol>
    </section>
  );
}

const Step = ({ number, children }: { number: number; children: ReactNode }) => (
  <li className="flex gap-4 border-t border-line py-3">
    <span aria-hidden="true" className="w-5 flex-none font-mono font-bold text-green">
      {number}
    </span>
    <div className="min-w-0 flex-1">{children}</div>
  </li>
);

async function StoreButton({ system }: { system: PhoneSystem }) {
  const t = await getTranslations("device");
  return <ButtonLink href={brand.stores[system]}>{t(`${system}.store`)}</ButtonLink>;
}

async function StoreCode({ system, scans }: { system: PhoneSystem; scans: boolean }) {
  const t = await getTranslations("device");
  const store = brand.stores[system];
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
      {scans && (
        // eslint-disable-next-line @next/next/no-img-element -- an SVG of 4 kB: there is nothing for next/image to do
        <img
          src={`/home/setup/device/qr?os=${system}`}
          alt={t("qrAlt", { url: store })}
          width="144"
          height="144"
          className="size-36 rounded"
        />
      )}
      <div className="min-w-0 flex-1 basis-48 text-small">
        {scans && <p className="mb-1 font-bold">{t(`${system}.qr`)}</p>}
        <p className="text-soft">{t(scans ? "orLink" : "openLink")}</p>
        <a href={store} className="link wrap-break-word">
          {store
            .replace("https://", "")
            .split(/(?<=[/?=])/)
            .map((part) => (
              <Fragment key={part}>
                {part}
                <wbr />
              </Fragment>
            ))}
        </a>
      </div>
    </div>
  );
}

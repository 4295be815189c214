import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/button";
import { brand } from "@/lib/brand";
import type { System } from "./detect-system";

const strong = (words: ReactNode) => <strong>{words}</strong>;

/** How the app comes onto one kind of device: from the store, by a button there or by a QR code from elsewhere. */
export async function SystemSteps({ system, inHand }: { system: System; inHand: boolean }) {
  const t = await getTranslations("device");
  const store = brand.stores[system];
  const { app, account } = brand;
  const steps: ReactNode[] =
    system === "ios"
      ? [
          t("ios.install", { app }),
          t("ios.open", { app }),
          t.rich("ios.activate", { strong }),
          t.rich("ios.signIn", { account, strong }),
        ]
      : [
          t("android.install", { app }),
          t("android.open", { app }),
          t.rich("android.signIn", { strong }),
          t.rich("android.choose", { strong }),
        ];
  return (
    <section aria-labelledby={system}>
      <h2 id={system} className="text-h2 tracking-tight">
        {t(`${system}.title`)}
      </h2>
      {inHand && <p className="text-soft">{t("detected")}</p>}
      <ol className="mt-5">
        {steps.map((step, index) => (
          <li key={index} className="flex gap-4 border-t border-line py-3">
            <span aria-hidden="true" className="w-5 flex-none font-mono font-bold text-green">
              {index + 1}
            </span>
            <span className="min-w-0">{step}</span>
          </li>
        ))}
      </ol>
      <div className="border-t border-line pt-5">
        {inHand ? (
          <ButtonLink href={store}>{t(`${system}.store`)}</ButtonLink>
        ) : (
          <div className="flex flex-wrap items-start gap-x-6 gap-y-4">
            {/* eslint-disable-next-line @next/next/no-img-element -- an SVG of 2 kB: there is nothing for next/image to do */}
            <img
              src={`/home/setup/device/qr?os=${system}`}
              alt={t("qrAlt", { url: store })}
              width="152"
              height="152"
              className="size-38 rounded"
            />
            <div className="min-w-0 flex-1 basis-52 text-small">
              <p className="font-bold">{t(`${system}.qr`)}</p>
              <p className="mt-1 text-soft">{t("orLink")}</p>
              <a href={store} className="link wrap-anywhere">
                {store.replace("https://", "")}
              </a>
            </div>
          </div>
        )}
      </div>
    </section>
  );
}

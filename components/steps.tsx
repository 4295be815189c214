import { getTranslations } from "next-intl/server";

const steps = ["account", "key", "check", "device"] as const;

/**
 * The steps from account to device, with the current one named in words.
 * @param props.signedOut the key was typed first, so the account step is still to come
 */
export async function Steps({ current, signedOut }: { current: (typeof steps)[number]; signedOut?: boolean }) {
  const t = await getTranslations("steps");
  const reached = steps.indexOf(current);
  return (
    <ol aria-label={t("label")} className="flex flex-wrap gap-x-2 text-note text-soft">
      {steps.map((step, index) => (
        <li key={step} aria-current={step === current ? "step" : undefined} className="flex items-center gap-2">
          <span className={step === current ? "font-bold text-ink" : ""}>{t(step)}</span>
          {index < reached && !(signedOut && step === "account") && <span className="sr-only">{t("done")}</span>}
          {index < steps.length - 1 && (
            <span aria-hidden="true" className="mirrored inline-block text-edge">
              →
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

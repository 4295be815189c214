import type { ReactNode } from "react";
import { KeyMark } from "@/components/icons";
import { QrCode } from "@/components/qr-code";
import type { Fact } from "@/components/facts";

type CertificateSheetProps = {
  site: string;
  title: string;
  lead: string;
  product: string;
  facts: readonly Fact[];
  state: { tone: "good" | "past" | "bad"; name: string; meaning: string; asOf: string };
  check: { title: string; scan: string; address: string; code: { size: number; path: string; label: string } };
  /** How to check the signature, for the screen. Paper has the code, which leads there. */
  children: ReactNode;
};

const tones = { good: "border-green text-green", past: "border-edge text-ink", bad: "border-brick text-brick" };

/** A certificate, which prints on one sheet of A4: the facts, the state now, and how to check both. */
export const CertificateSheet = ({
  site,
  title,
  lead,
  product,
  facts,
  state,
  check,
  children,
}: CertificateSheetProps) => (
  <article className="mx-auto max-w-card rounded-lg border border-line bg-sheet p-2 card-shadow print:border-edge">
    <div className="rounded border border-t-4 border-line border-t-green px-4 py-8 sm:px-12 sm:py-10 print:border-x-edge print:border-b-edge print:px-8 print:py-5">
      <p className="flex items-center gap-3 font-bold tracking-tight">
        <KeyMark />
        {site}
      </p>
      <h1 className="mt-8 text-h1 tracking-tight max-xs:text-h2 print:mt-5">{title}</h1>
      <p className="mt-3 max-w-measure text-lead text-soft">{lead}</p>
      <p className="mt-8 text-h2 font-bold tracking-tight print:mt-5">{product}</p>
      <dl className="mt-4 grid gap-x-8 border-b border-line sm:grid-cols-2 print:grid-cols-2">
        {facts.map(({ name, value }) => (
          <div key={name} className="border-t border-line py-3 last:col-span-full print:py-1.5">
            <dt className="text-small text-soft">{name}</dt>
            <dd className="font-bold wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <div className={`mt-8 border-s-4 ps-5 print:mt-6 ${tones[state.tone]}`}>
        <p className="text-h3 font-bold">{state.name}</p>
        <p className="text-ink">{state.meaning}</p>
        <p className="mt-1 text-small text-soft">{state.asOf}</p>
      </div>
      <section className="mt-8 border-t border-line pt-6 print:mt-6 print:pt-4">
        <h2 className="text-h3">{check.title}</h2>
        <div className="mt-3 flex flex-wrap items-start gap-x-8 gap-y-4 sm:flex-nowrap">
          <div className="flex-none">
            <QrCode {...check.code} />
          </div>
          <div className="min-w-0">
            <p>{check.scan}</p>
            <p className="mt-2 text-small font-bold wrap-anywhere">{check.address}</p>
          </div>
        </div>
        {children}
      </section>
    </div>
  </article>
);

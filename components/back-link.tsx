import { BackIcon } from "@/components/icons";

/** A link to the previous page, above the heading. */
export function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <a
      href={href}
      className="-ms-1 inline-flex min-h-target items-center gap-1.5 rounded-sm pe-2 text-small text-soft underline decoration-line underline-offset-4 hover:text-ink hover:decoration-ink"
    >
      <BackIcon />
      {children}
    </a>
  );
}

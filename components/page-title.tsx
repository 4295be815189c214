/**
 * The document's title. React puts it into `<head>`, also in the answer to a form sent without scripts, so that a
 * page with a fault can say so first.
 * @param site name of the site
 * @param error for a page with a fault, what it begins with ("Error:")
 */
export function PageTitle({ title, site, error }: { title: string; site: string; error?: string | undefined }) {
  const named = `${title} – ${site}`;
  return <title>{error ? `${error} ${named}` : named}</title>;
}

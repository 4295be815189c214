/** The path of the form about a typed key, which this browser holds for its preview. */
export const disputePath = (previewId: string): string =>
  `/home/setup/review/dispute?p=${encodeURIComponent(previewId)}`;

/** The path of the page that confirms a dispute. */
export const sentPath = (disputeId: string): string => `/home/setup/review/dispute/sent/${disputeId}`;

/**
 * Every trademarked name is in this file, so that an owner can change it in one place: the product line, the product
 * names, the mobile app and its store links.
 */
export const brand = {
  /** The name of the portal, in the header and in page titles. */
  site: "Norton 360 setup",
  /** The product line, which is also the name of the mobile app. */
  app: "Norton 360",
  /** The name of an account in the app's own buttons. */
  account: "Norton",
  stores: {
    ios: "https://apps.apple.com/app/norton-360-mobile-security/id1278474169",
    android: "https://play.google.com/store/apps/details?id=com.symantec.mobilesecurity",
  },
} as const;

/** The systems that the app runs on, as their makers write them. */
export const systemNames = { ios: "iOS", android: "Android", windows: "Windows", macos: "macOS" } as const;

export type System = keyof typeof systemNames;

export const systems = Object.keys(systemNames) as [System, ...System[]];

/** The products on sale. `seats` is the number of devices one subscription protects. */
export const products = {
  "norton-360-standard": { name: "Norton 360 Standard", seats: 1 },
  "norton-360-deluxe": { name: "Norton 360 Deluxe", seats: 5 },
  "norton-360-premium": { name: "Norton 360 Premium", seats: 10 },
} as const satisfies Record<string, { name: string; seats: number }>;

export type ProductCode = keyof typeof products;

export const productCodes = Object.keys(products) as [ProductCode, ...ProductCode[]];

export const isProductCode = (code: string): code is ProductCode => Object.hasOwn(products, code);

/** @throws Error when the database holds a product that lib/brand.ts does not name */
export function knownProduct(code: string): ProductCode {
  if (!isProductCode(code)) throw new Error(`lib/brand.ts does not name the product ${code}`);
  return code;
}

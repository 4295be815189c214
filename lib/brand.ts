/**
 * Every word that belongs to a trademark stands in this file, so that an owner can change it in one place:
 * the product line, the products' names, where the mobile app is found and what it is called.
 */
export const brand = {
  /** The name of the portal, in the header and in page titles. */
  site: "Norton 360 setup",
  /** The product line and the mobile app. */
  app: "Norton 360",
  /** What an account is called in the app's own buttons. */
  account: "Norton",
  stores: {
    ios: "https://apps.apple.com/app/norton-360-mobile-security/id1278474169",
    android: "https://play.google.com/store/apps/details?id=com.symantec.mobilesecurity",
  },
} as const;

/** What can be bought. `seats` is the number of devices one subscription protects. */
export const products = {
  "norton-360-standard": { name: "Norton 360 Standard", seats: 1 },
  "norton-360-deluxe": { name: "Norton 360 Deluxe", seats: 5 },
  "norton-360-premium": { name: "Norton 360 Premium", seats: 10 },
} as const satisfies Record<string, { name: string; seats: number }>;

export type ProductCode = keyof typeof products;

export const productCodes = Object.keys(products) as [ProductCode, ...ProductCode[]];

export const isProductCode = (code: string): code is ProductCode => Object.hasOwn(products, code);

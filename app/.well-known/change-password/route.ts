/** The URL where password managers send people to change a password (W3C, A Well-Known URL for Changing Passwords). */
export const GET = (): Response =>
  new Response(null, { status: 302, headers: { Location: "/home/account/password", "Cache-Control": "no-store" } });

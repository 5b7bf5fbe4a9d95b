# One image for every service: `command: drs` picks one, no command is the whole cloud with a database of its own.
FROM node:24-bookworm-slim AS build
ENV CI=true
WORKDIR /app
RUN npm install --global pnpm@10.34.9
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile \
 && pnpm exec tsc -b \
 && find . -name node_modules -prune -exec rm -rf {} + \
 && pnpm install --offline --frozen-lockfile --prod --filter "@greenscreen/cli..." \
 && find apps libs -name src -prune -exec rm -rf {} + \
 && find . -name '*.d.ts' -path '*/dist/*' -delete \
 && find . -name '*.tsbuildinfo' -delete \
 && rm -rf test

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    GREENSCREEN_HOST=0.0.0.0 \
    GREENSCREEN_DATA_DIR=/var/lib/greenscreen \
    GREENSCREEN_GATEWAY_PORT=443 \
    GREENSCREEN_GATEWAY_HTTP_PORT=80 \
    GREENSCREEN_CONTROL_PORT=8088 \
    GREENSCREEN_ZTD_PORT=8101 \
    GREENSCREEN_ATTESTATION_PORT=8102 \
    GREENSCREEN_STS_PORT=8103 \
    GREENSCREEN_DRS_PORT=8104 \
    GREENSCREEN_MDM_PORT=8105 \
    GREENSCREEN_GRAPH_PORT=8106 \
    GREENSCREEN_DNS_PORT=53
WORKDIR /app
COPY --from=build --chown=node:node /app ./
RUN mkdir -p /var/lib/greenscreen && chown node:node /var/lib/greenscreen
USER node
VOLUME /var/lib/greenscreen
EXPOSE 80 443 8088
ENTRYPOINT ["node", "--enable-source-maps", "apps/cli/dist/main.js"]
CMD ["up"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --retries=6 CMD ["bash", "apps/cli/health.sh"]

# One image for each program: docker build --target pacer -t outdial/pacer .
# Everything is published once, in the first stage; a target takes its own folder of it and nothing else.
# Base images by digest, and their renewal: ./outdial pin-images.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# Native code beside the portable one: a process starts in little more than half the time. False builds faster.
ARG READY_TO_RUN=true
# What the programs call themselves, such as 1.2.3: there is no git here to ask. ./outdial --version tells it of a checkout.
ARG VERSION
ENV MINVERVERSIONOVERRIDE=$VERSION
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src
COPY . .
RUN --mount=type=cache,id=outdial-nuget,target=/root/.nuget/packages \
    dotnet restore deploy/Images.slnx --locked-mode -v quiet \
    && dotnet publish deploy/Images.slnx -c Release -v quiet -p:PublishRoot=/app -p:UseAppHost=false \
        -p:UseCurrentRuntimeIdentifier=true -p:SelfContained=false -p:PublishReadyToRun=$READY_TO_RUN \
    && bash deploy/sbom/sbom.sh /app \
    && for program in /app/*/; do cp LICENSE THIRD-PARTY-NOTICES "$program"; done

# Nothing is written outside of volumes and /tmp, so that the root file system may be read-only.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
ARG VERSION
LABEL org.opencontainers.image.title=outdial org.opencontainers.image.licenses=Apache-2.0 org.opencontainers.image.version=${VERSION:-0.0.0-alpha.0}
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
WORKDIR /app
USER $APP_UID
# The images have no curl, and a second .NET process every few seconds, as for the verb 'healthcheck', costs more than the shell's own sockets.
HEALTHCHECK --interval=5s --timeout=5s --start-period=90s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]

FROM runtime AS pacer
COPY --from=build /app/Outdial.Pacer .
ENTRYPOINT ["dotnet", "Outdial.Pacer.dll"]

FROM runtime AS ingress
USER root
# Webhooks wait here while the broker is away. A volume made from it belongs to the same user.
RUN install -d -m 0700 -o $APP_UID -g $APP_UID /var/lib/outdial/spool
USER $APP_UID
ENV Ingress__SpoolFolder=/var/lib/outdial/spool
VOLUME ["/var/lib/outdial/spool"]
COPY --from=build /app/Outdial.Ingress .
ENTRYPOINT ["dotnet", "Outdial.Ingress.dll"]

FROM runtime AS enrichment
COPY --from=build /app/Outdial.Enrichment .
ENTRYPOINT ["dotnet", "Outdial.Enrichment.dll"]

FROM runtime AS agent-router
COPY --from=build /app/Outdial.AgentRouter .
ENTRYPOINT ["dotnet", "Outdial.AgentRouter.dll"]

FROM runtime AS analytics
COPY --from=build /app/Outdial.Analytics .
ENTRYPOINT ["dotnet", "Outdial.Analytics.dll"]

FROM runtime AS gateway
COPY --from=build /app/Outdial.Gateway .
ENTRYPOINT ["dotnet", "Outdial.Gateway.dll"]

# A provider to try things on; no part of an installation.
FROM runtime AS simulator
COPY --from=build /app/Outdial.Simulator .
HEALTHCHECK --interval=5s --timeout=5s --start-period=90s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /simulator/clock HTTP/1.0\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]
ENTRYPOINT ["dotnet", "Outdial.Simulator.dll"]

# The commands, with as much of the repository as 'demo' needs.
FROM runtime AS cli
WORKDIR /outdial
USER root
RUN install -d -m 0700 -o $APP_UID -g $APP_UID .outdial
USER $APP_UID
COPY Outdial.slnx ./
COPY samples samples
COPY --from=build /app/Outdial.Cli cli
HEALTHCHECK NONE
ENTRYPOINT ["dotnet", "cli/Outdial.Cli.dll"]
CMD ["--help"]

# One image for each program. All of them, named by their version: ./outdial images. One alone: docker build --target pacer -t outdial/pacer .
# Everything is published once, in the first stage. What the services have in common is a layer that their images share; the rest is a target's own.
# Base images by digest, and their renewal: ./outdial pin-images.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# Native code beside the portable one: a process starts in little more than half the time. False builds faster.
# One native image of all of it, and leaving out what no code names, are for programs that bring their own runtime, and go by what can be seen
# before a program runs: the runtime is a layer of the base image here, and what the bus and the database layer need is found by reflection.
ARG READY_TO_RUN=true
# What the programs call themselves, such as 1.2.3: there is no git here to ask. ./outdial --version tells it of a checkout.
ARG VERSION
ENV MINVERVERSIONOVERRIDE=$VERSION
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src
COPY . .
RUN --mount=type=cache,id=outdial-nuget,target=/root/.nuget/packages \
    dotnet restore deploy/Images.slnx --locked-mode -v quiet \
    && dotnet publish deploy/Images.slnx -c Release -v quiet -p:PublishRoot=/app -p:UseAppHost=false -p:RunAnalyzers=false \
        -p:UseCurrentRuntimeIdentifier=true -p:SelfContained=false -p:PublishReadyToRun=$READY_TO_RUN \
    && bash deploy/sbom/sbom.sh /app \
    && for program in /app/*/; do cp LICENSE THIRD-PARTY-NOTICES "$program"; done \
    && bash deploy/images/share.sh /app /shared

# Nothing is written outside of volumes and /tmp, so that the root file system may be read-only.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
ARG VERSION
# The commit, its time, and where the sources are: ./outdial images tells them.
ARG REVISION
ARG CREATED
ARG SOURCE
LABEL org.opencontainers.image.vendor="The Outdial contributors" \
    org.opencontainers.image.licenses=Apache-2.0 \
    org.opencontainers.image.version=${VERSION:-0.0.0-alpha.0} \
    org.opencontainers.image.revision=$REVISION \
    org.opencontainers.image.created=$CREATED \
    org.opencontainers.image.source=$SOURCE \
    org.opencontainers.image.base.name=mcr.microsoft.com/dotnet/aspnet:10.0
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
WORKDIR /app
# The base image's user that is not root ($APP_UID), as a number: Kubernetes refuses a name where it is told that nothing may run as root.
USER 1654
# The images have no curl, and a second .NET process every few seconds, as for the verb 'healthcheck', costs more than the shell's own sockets.
HEALTHCHECK --interval=5s --timeout=5s --start-period=90s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]

# What every service is made of.
FROM runtime AS service
COPY --from=build /shared .

FROM service AS pacer
LABEL org.opencontainers.image.title=outdial-pacer org.opencontainers.image.description="Campaigns, leads, the decision whom to dial, and placing the calls"
COPY --from=build /app/Outdial.Pacer .
ENTRYPOINT ["dotnet", "Outdial.Pacer.dll"]

FROM service AS ingress
LABEL org.opencontainers.image.title=outdial-ingress org.opencontainers.image.description="The provider's webhooks become events, and wait on a disk while the broker is away"
USER root
# Webhooks wait here while the broker is away. A volume made from it belongs to the same user.
RUN install -d -m 0700 -o 1654 -g 1654 /var/lib/outdial/spool
USER 1654
ENV Ingress__SpoolFolder=/var/lib/outdial/spool
VOLUME ["/var/lib/outdial/spool"]
COPY --from=build /app/Outdial.Ingress .
ENTRYPOINT ["dotnet", "Outdial.Ingress.dll"]

FROM service AS enrichment
LABEL org.opencontainers.image.title=outdial-enrichment org.opencontainers.image.description="What is known of numbers, and the details of calls"
COPY --from=build /app/Outdial.Enrichment .
ENTRYPOINT ["dotnet", "Outdial.Enrichment.dll"]

FROM service AS agent-router
LABEL org.opencontainers.image.title=outdial-agent-router org.opencontainers.image.description="Agents, their sessions, and whom they dial next"
COPY --from=build /app/Outdial.AgentRouter .
ENTRYPOINT ["dotnet", "Outdial.AgentRouter.dll"]

FROM service AS analytics
LABEL org.opencontainers.image.title=outdial-analytics org.opencontainers.image.description="Facts of calls, and reports"
COPY --from=build /app/Outdial.Analytics .
ENTRYPOINT ["dotnet", "Outdial.Analytics.dll"]

FROM service AS gateway
LABEL org.opencontainers.image.title=outdial-gateway org.opencontainers.image.description="The one public address: routes, keys and limits"
COPY --from=build /app/Outdial.Gateway .
ENTRYPOINT ["dotnet", "Outdial.Gateway.dll"]

# A provider to try things on; no part of an installation.
FROM runtime AS simulator
LABEL org.opencontainers.image.title=outdial-simulator org.opencontainers.image.description="A simulated telephony provider, to try things on"
COPY --from=build /app/Outdial.Simulator .
HEALTHCHECK --interval=5s --timeout=5s --start-period=90s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /simulator/clock HTTP/1.0\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]
ENTRYPOINT ["dotnet", "Outdial.Simulator.dll"]

# The commands, with as much of the repository as 'demo' needs.
FROM runtime AS cli
LABEL org.opencontainers.image.title=outdial-cli org.opencontainers.image.description="The commands, such as demo and redrive"
WORKDIR /outdial
USER root
RUN install -d -m 0700 -o 1654 -g 1654 .outdial
USER 1654
COPY Outdial.slnx ./
COPY samples samples
COPY --from=build /app/Outdial.Cli cli
HEALTHCHECK NONE
ENTRYPOINT ["dotnet", "cli/Outdial.Cli.dll"]
CMD ["--help"]

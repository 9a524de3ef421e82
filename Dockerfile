# Every role of Holdfast, in one image; docker-compose.yml runs a fleet of it. It holds what Maven has built:
#
#   mvn -B -DskipTests package && docker build -t holdfast .
#
# A worker's image for jobs that need more (git, an agent's command line, ...) is made FROM this one.
FROM eclipse-temurin:25-jre

# Not root, and with a name and a home, which ssh and git ask for. The data directory belongs to it, and so does each
# new volume that is mounted there.
RUN echo 'holdfast:x:10001:10001:Holdfast:/var/lib/holdfast:/bin/sh' >> /etc/passwd \
  && echo 'holdfast:x:10001:' >> /etc/group \
  && mkdir -p /var/lib/holdfast \
  && chown 10001:10001 /var/lib/holdfast

COPY deploy/container/ready /opt/holdfast/bin/ready
COPY standalone/target/app/lib /opt/holdfast/lib

USER 10001:10001
ENV HOME=/var/lib/holdfast HOLDFAST_DATA=/var/lib/holdfast HOLDFAST_HTTP=0.0.0.0:8080 HOLDFAST_MANAGEMENT=0.0.0.0:8081
WORKDIR /var/lib/holdfast
VOLUME /var/lib/holdfast
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC", \
  "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/holdfast/lib/holdfast.jar"]
CMD ["--help"]

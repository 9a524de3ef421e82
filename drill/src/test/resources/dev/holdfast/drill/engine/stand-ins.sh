#!/bin/bash
# Builds images that stand in for eclipse-temurin:25-jre and apache/kafka:4.3.1, from a JDK and a folder with Kafka's
# jars: bash and busybox of this machine, the JDK without its sources, the libraries that these are linked with.
#
# Usage: stand-ins.sh JDK JARS
set -euo pipefail
jdk=$1 jars=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

linked() {
  ldd "$@" 2>/dev/null | grep -o '/[^ ]*\.so[^ ]*' | sort -u
}

root=$work/temurin
mkdir -p "$root"/{bin,etc,root,tmp,usr/bin,opt/java/openjdk/lib}
chmod 1777 "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $(busybox --list); do
  [[ -e $root/bin/$applet ]] || ln -s busybox "$root/bin/$applet"
done
cp /bin/bash "$root/bin/bash"
ln -s /bin/env "$root/usr/bin/env"
# The last one is for libraries that bring native code of their own.
for library in $(linked /bin/bash "$(command -v busybox)" "$jdk/bin/java" "$jdk/lib/server/libjvm.so") \
  $(ldconfig -p | grep -oE '/[^ ]*/lib(stdc\+\+|gcc_s)\.so\.[0-9]+$' | grep -v lib32); do
  case $library in "$jdk"/*) continue ;; esac
  mkdir -p "$root${library%/*}"
  cp -L "$library" "$root$library"
done
cp -R "$jdk/bin" "$jdk/conf" "$jdk/release" "$root/opt/java/openjdk/"
tar -C "$jdk/lib" --exclude=src.zip --exclude=ct.sym -c . | tar -C "$root/opt/java/openjdk/lib" -x
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
tar -C "$root" -c . | docker import \
  --change 'ENV JAVA_HOME=/opt/java/openjdk' \
  --change 'ENV PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  - eclipse-temurin:25-jre

context=$work/kafka
mkdir -p "$context/libs"
cp "$jars"/*.jar "$context/libs/"
rm -f "$context"/libs/holdfast*.jar
cat >"$context/logback.xml" <<'LOGBACK'
<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>[%d] %level %msg \(%logger\)%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="OUT"/></root>
</configuration>
LOGBACK
# As the real one does: settings from KAFKA_A_B as a.b, a formatted directory, the broker.
cat >"$context/run" <<'RUN'
#!/bin/bash
set -eu
settings=/opt/kafka/config/server.properties
for name in $(compgen -e KAFKA_); do
  key=${name#KAFKA_}
  key=${key,,}
  [[ $name == KAFKA_HEAP_OPTS ]] || printf '%s=%s\n' "${key//_/.}" "${!name}"
done >"$settings"
kafka=(java ${KAFKA_HEAP_OPTS:-} -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow -Dlogback.configurationFile=/opt/kafka/config/logback.xml
  -cp "/opt/kafka/libs/*")
"${kafka[@]}" kafka.tools.StorageTool format --ignore-formatted --cluster-id "$CLUSTER_ID" --config "$settings"
exec "${kafka[@]}" kafka.Kafka "$settings"
RUN
chmod +x "$context/run"
cat >"$context/Dockerfile" <<'DOCKERFILE'
FROM eclipse-temurin:25-jre
RUN echo 'appuser:x:1000:1000::/home/appuser:/bin/bash' >> /etc/passwd \
  && mkdir -p /opt/kafka/config /var/lib/kafka/data \
  && chown -R 1000:1000 /opt/kafka /var/lib/kafka
COPY run /etc/kafka/docker/run
COPY logback.xml /opt/kafka/config/logback.xml
COPY libs /opt/kafka/libs
USER appuser
VOLUME ["/var/lib/kafka/data"]
CMD ["/etc/kafka/docker/run"]
DOCKERFILE
docker build --quiet --tag apache/kafka:4.3.1 "$context"

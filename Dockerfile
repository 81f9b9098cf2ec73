# One image per application: docker build --target auth-server|forward-auth|orders|inventory .
# The jars are built here. With --build-arg JARS=prebuilt those of an earlier ./mvnw package are taken (a build without a network);
# touch them before: the build is reproducible, also in their times, by which BuildKit tells whether a file has changed.
ARG JARS=built

FROM eclipse-temurin:25-jdk AS built
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -ntp -q -DskipTests -Dspotless.check.skip \
      -pl auth-server,demo,forward-auth,resource-service-sample/orders,resource-service-sample/inventory -am package \
 && mkdir /jars \
 && cp auth-server/target/auth-server.jar forward-auth/target/forward-auth.jar resource-service-sample/*/target/orders.jar resource-service-sample/*/target/inventory.jar /jars/ \
 && mkdir /launcher \
 && cp demo/target/launcher/*.jar demo/target/demo-*.jar /launcher/

FROM eclipse-temurin:25-jdk AS prebuilt
COPY auth-server/target/auth-server.jar forward-auth/target/forward-auth.jar resource-service-sample/orders/target/orders.jar resource-service-sample/inventory/target/inventory.jar /jars/
COPY demo/target/launcher/*.jar demo/target/demo-*.jar /launcher/

FROM ${JARS} AS layers
RUN for jar in /jars/*.jar; do \
      java -Djarmode=tools -jar "$jar" extract --layers --destination "/layers/$(basename "$jar" .jar)" || exit 1; \
    done

# What the images share. Nothing is written outside /tmp: run them with a read-only root and a tmpfs there.
FROM eclipse-temurin:25-jre AS runtime
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="Gatehouse" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --chmod=0555 deploy/healthy /usr/local/bin/healthy
WORKDIR /app
USER 10001:10001
ENV SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_PORT=9001 \
    MANAGEMENT_SERVER_ADDRESS=127.0.0.1 \
    MANAGEMENT_SERVER_SSL_ENABLED=false
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["healthy"]

# Java's cache of the auth server's loaded classes, which halves the time of its start, and of what it has learnt of their code. It fits only the java and
# the jar with which it is made: so it is made here, on the image's own, by a server that works for a minute on a PostgreSQL and a Redis of a moment. Nothing else of that goes
# into an image. Where it cannot be made, the server starts without.
FROM runtime AS cached
USER 0:0
RUN useradd --create-home --uid 10002 maker
COPY --from=layers /launcher /launcher
COPY --from=layers /layers/auth-server/dependencies/ ./
COPY --from=layers /layers/auth-server/spring-boot-loader/ ./
COPY --from=layers /layers/auth-server/snapshot-dependencies/ ./
COPY --from=layers /layers/auth-server/application/ ./
COPY --chmod=0444 deploy/jvm.options ./
USER 10002:10002
RUN java -cp "/launcher/*" dev.gatehouse.demo.ClassCache jvm.options auth-server.jar /tmp/auth-server.aot \
 || { echo "no class cache: the server will take longer to start" >&2; : > /tmp/auth-server.aot; }

FROM runtime AS inventory
LABEL org.opencontainers.image.title="Gatehouse sample: inventory" \
      org.opencontainers.image.description="A sample service that verifies Gatehouse's tokens locally."
COPY --from=layers /layers/inventory/dependencies/ ./
COPY --from=layers /layers/inventory/spring-boot-loader/ ./
COPY --from=layers /layers/inventory/snapshot-dependencies/ ./
COPY --from=layers /layers/inventory/application/ ./
EXPOSE 8082
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "inventory.jar"]

FROM runtime AS orders
LABEL org.opencontainers.image.title="Gatehouse sample: orders" \
      org.opencontainers.image.description="A sample service with a login, which calls inventory on behalf of its callers."
COPY --from=layers /layers/orders/dependencies/ ./
COPY --from=layers /layers/orders/spring-boot-loader/ ./
COPY --from=layers /layers/orders/snapshot-dependencies/ ./
COPY --from=layers /layers/orders/application/ ./
EXPOSE 8081
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "orders.jar"]

FROM runtime AS forward-auth
LABEL org.opencontainers.image.title="Gatehouse forward auth" \
      org.opencontainers.image.description="Verifies Gatehouse's tokens for nginx, Traefik and Envoy."
COPY --from=layers /layers/forward-auth/dependencies/ ./
COPY --from=layers /layers/forward-auth/spring-boot-loader/ ./
COPY --from=layers /layers/forward-auth/snapshot-dependencies/ ./
COPY --from=layers /layers/forward-auth/application/ ./
EXPOSE 8090
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "forward-auth.jar"]

FROM runtime AS auth-server
LABEL org.opencontainers.image.title="Gatehouse" \
      org.opencontainers.image.description="The OAuth 2.0 and OpenID Connect server whose JWTs can be revoked."
COPY --from=layers /layers/auth-server/dependencies/ ./
COPY --from=layers /layers/auth-server/spring-boot-loader/ ./
COPY --from=layers /layers/auth-server/snapshot-dependencies/ ./
COPY --from=layers /layers/auth-server/application/ ./
COPY --chmod=0444 deploy/jvm.options ./
COPY --from=cached --chmod=0444 /tmp/auth-server.aot ./
EXPOSE 9000
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=auth-server.aot", "-Xlog:aot=off", "-XX:MaxRAMPercentage=60", "--enable-native-access=ALL-UNNAMED", "-jar", "auth-server.jar"]

package dev.holdfast.runtime.streams;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a member of a group may be silent before another one takes over: as short as the brokers
 * allow, since nothing is decided meanwhile, but long enough for a busy machine.
 */
public final class GroupSession {
  private static final Logger log = LoggerFactory.getLogger(GroupSession.class);
  private static final String LEAST_ALLOWED = "group.min.session.timeout.ms";
  private static final Duration SHORTEST = Duration.ofSeconds(3);

  /** The least that a broker accepts unless it was told otherwise. */
  private static final Duration DEFAULT = Duration.ofSeconds(6);

  private GroupSession() {}

  /** Asks the brokers; where they do not tell, their default is taken to hold. */
  public static Duration shortest(Admin admin) throws InterruptedException {
    try {
      List<ConfigResource> brokers =
          admin.describeCluster().nodes().get().stream()
              .map(Node::idString)
              .map(id -> new ConfigResource(ConfigResource.Type.BROKER, id))
              .toList();
      return shortest(admin.describeConfigs(brokers).all().get());
    } catch (ExecutionException e) {
      log.info(
          "brokers do not tell {} ({}), taking their default",
          LEAST_ALLOWED,
          String.valueOf(e.getCause()));
      return DEFAULT;
    }
  }

  static Duration shortest(Map<ConfigResource, Config> brokers) {
    return brokers.values().stream()
        .map(config -> config.get(LEAST_ALLOWED))
        .map(GroupSession::allowedBy)
        .reduce(SHORTEST, (one, other) -> one.compareTo(other) > 0 ? one : other);
  }

  private static Duration allowedBy(@Nullable ConfigEntry entry) {
    return entry == null || entry.value() == null
        ? DEFAULT
        : Duration.ofMillis(Long.parseLong(entry.value()));
  }
}

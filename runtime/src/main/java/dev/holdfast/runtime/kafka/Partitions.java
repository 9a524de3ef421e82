package dev.holdfast.runtime.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.utils.Utils;

/** Where a key goes: the same arithmetic as Kafka's default partitioner (murmur2 of the key). */
public final class Partitions {
  private Partitions() {}

  public static int of(String key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % partitions;
  }
}

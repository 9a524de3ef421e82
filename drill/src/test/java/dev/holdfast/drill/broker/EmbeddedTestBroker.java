package dev.holdfast.drill.broker;

import dev.holdfast.drill.chaos.Systems;
import dev.holdfast.standalone.broker.BrokerConfig;
import dev.holdfast.standalone.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The broker that {@code holdfast up} brings, in this JVM. */
record EmbeddedTestBroker(EmbeddedBroker broker, Path directory) implements TestBroker {
  static EmbeddedTestBroker start() throws IOException {
    Path directory = Files.createTempDirectory("holdfast-broker");
    return new EmbeddedTestBroker(
        EmbeddedBroker.start(BrokerConfig.in(directory).withPort(Systems.freePort())), directory);
  }

  @Override
  public String bootstrap() {
    return broker.bootstrapServers();
  }

  @Override
  public void close() {
    broker.close();
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

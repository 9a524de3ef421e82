package dev.holdfast.drill.broker;

import com.github.dockerjava.api.exception.NotFoundException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** Apache Kafka's own image, by Testcontainers, with the settings that it brings. */
record ContainerBroker(KafkaContainer container) implements TestBroker {
  static final String IMAGE = "apache/kafka:4.3.1";

  /** Whether there is an engine that has the image: a test run downloads none by itself. */
  static boolean available() {
    var engine = DockerClientFactory.instance();
    if (!engine.isDockerAvailable()) {
      return false;
    }
    try {
      engine.client().inspectImageCmd(IMAGE).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  static ContainerBroker start() {
    var container = new KafkaContainer(IMAGE);
    container.start();
    return new ContainerBroker(container);
  }

  @Override
  public String bootstrap() {
    return container.getBootstrapServers();
  }

  @Override
  public void close() {
    container.close();
  }
}

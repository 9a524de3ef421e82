package dev.holdfast.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.standalone.supervise.DataDirLock;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerPortsTest {

  @TempDir Path dir;

  @Test
  void keepsTheFirstChoiceForAllLaterStarts() throws Exception {
    try (ServerSocket usual = listenOnUsualPortUnlessTaken()) {
      BrokerConfig first = BrokerPorts.settle(BrokerConfig.in(dir));
      usual.close();

      BrokerConfig second = BrokerPorts.settle(BrokerConfig.in(dir));

      assertThat(second).isEqualTo(first);
      assertThat(first.port()).isBetween(20_000, 29_999);
      assertThat(first.controllerPort()).isBetween(20_000, 29_999).isNotEqualTo(first.port());
    }
  }

  @Test
  void takesTheAskedPortAndRemembersIt() throws Exception {
    int asked = TestPorts.free();

    BrokerPorts.settle(BrokerConfig.in(dir).withPort(asked));

    assertThat(BrokerPorts.settle(BrokerConfig.in(dir)).port()).isEqualTo(asked);
  }

  @Test
  void namesThePortAndTheOptionWhenSomebodyElseHasThePort() throws Exception {
    int asked = TestPorts.free();
    BrokerPorts.settle(BrokerConfig.in(dir).withPort(asked));

    try (ServerSocket somebody = TestPorts.listen(asked)) {
      assertThatThrownBy(() -> BrokerPorts.settle(BrokerConfig.in(dir)))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining("Port " + somebody.getLocalPort())
          .hasMessageContaining("--kafka");
    }
  }

  @Test
  void choosesAnotherControllerPortWhenSomebodyElseHasIt() throws Exception {
    BrokerConfig first = BrokerPorts.settle(BrokerConfig.in(dir));

    try (ServerSocket somebody = TestPorts.listen(first.controllerPort())) {
      BrokerConfig second = BrokerPorts.settle(BrokerConfig.in(dir));

      assertThat(second.port()).isEqualTo(first.port());
      assertThat(second.controllerPort()).isNotEqualTo(somebody.getLocalPort());
    }
  }

  @Test
  void returnsThePortsOfARunningBrokerThoughTheyAreTaken() throws Exception {
    BrokerConfig first = BrokerPorts.settle(BrokerConfig.in(dir));

    try (DataDirLock running = DataDirLock.take(dir, "broker");
        ServerSocket broker = TestPorts.listen(first.port())) {
      assertThat(BrokerPorts.settle(BrokerConfig.in(running.directory())).port())
          .isEqualTo(broker.getLocalPort());
    }
  }

  @Test
  void refusesAnotherPortWhileABrokerRuns() throws Exception {
    BrokerConfig first = BrokerPorts.settle(BrokerConfig.in(dir));
    int other = TestPorts.free();

    try (DataDirLock running = DataDirLock.take(dir, "broker")) {
      BrokerConfig asked = BrokerConfig.in(running.directory()).withPort(other);
      assertThatThrownBy(() -> BrokerPorts.settle(asked))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining(Integer.toString(first.port()))
          .hasMessageContaining(Integer.toString(other));
    }
  }

  @Test
  void setsADamagedFileAsideAndChoosesAnew() throws Exception {
    Files.writeString(dir.resolve("broker.properties"), "port=90");

    BrokerConfig settled = BrokerPorts.settle(BrokerConfig.in(dir));

    assertThat(settled.port()).isPositive();
    assertThat(dir.resolve("broker.properties.damaged")).hasContent("port=90");
    assertThat(BrokerPorts.settle(BrokerConfig.in(dir))).isEqualTo(settled);
  }

  /** Holds 9092, so that the choice falls on another; unbound when somebody has it already. */
  private static ServerSocket listenOnUsualPortUnlessTaken() throws IOException {
    try {
      return TestPorts.listen(9092);
    } catch (IOException e) {
      return new ServerSocket();
    }
  }
}

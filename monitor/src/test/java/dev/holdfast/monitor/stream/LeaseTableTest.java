package dev.holdfast.monitor.stream;

import static dev.holdfast.monitor.liveness.LeaseFixtures.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.monitor.liveness.InMemoryLeaseTable;
import dev.holdfast.monitor.liveness.Lease;
import dev.holdfast.monitor.liveness.LeaseTable;
import dev.holdfast.monitor.liveness.LogClock;
import dev.holdfast.monitor.liveness.Stage;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every lease table promises, asked of each. A restart opens the same memory again. */
class LeaseTableTest {
  static Stream<Named<Supplier<LeaseTable>>> tables() {
    var inMemory = new InMemoryLeaseTable();
    KeyValueStore<String, byte[]> leases = store("leases");
    KeyValueStore<String, byte[]> clock = store("clock");
    return Stream.of(
        Named.of("in memory", () -> inMemory),
        Named.of("in a task's stores", () -> new StoreLeaseTable(leases, clock)));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void knowsNothingAtFirst(Supplier<LeaseTable> restart) {
    LeaseTable table = restart.get();

    assertThat(table.clock()).isEqualTo(LogClock.START);
    assertThat(table.find(job(1))).isNull();
    assertThat(leasesOf(table)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void readsWhatItLastWroteAlsoAfterARestart(Supplier<LeaseTable> restart) {
    LeaseTable table = restart.get();
    table.put(job(1), lease(1, Stage.ON_TIME));
    table.put(job(2), lease(2, Stage.LATE));
    table.put(job(1), lease(3, Stage.PROPOSED));
    table.keep(new LogClock(1, 0));
    table.keep(new LogClock(2, 5_000));

    for (LeaseTable opened : new LeaseTable[] {table, restart.get()}) {
      assertThat(opened.find(job(1))).isEqualTo(lease(3, Stage.PROPOSED));
      assertThat(opened.find(job(2))).isEqualTo(lease(2, Stage.LATE));
      assertThat(opened.clock()).isEqualTo(new LogClock(2, 5_000));
      assertThat(leasesOf(opened))
          .isEqualTo(Map.of(job(1), lease(3, Stage.PROPOSED), job(2), lease(2, Stage.LATE)));
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void forgetsWhatIsRemoved(Supplier<LeaseTable> restart) {
    LeaseTable table = restart.get();
    table.put(job(1), lease(1, Stage.HELD));

    table.remove(job(1));
    table.remove(job(1));
    table.remove(job(7));

    assertThat(table.find(job(1))).isNull();
    assertThat(leasesOf(restart.get())).isEmpty();
  }

  private static Map<JobId, Lease> leasesOf(LeaseTable table) {
    var leases = new HashMap<JobId, Lease>();
    table.each(leases::put);
    return leases;
  }

  private static Lease lease(long token, Stage stage) {
    return new Lease(
        new Token(token),
        4,
        new WorkerId("w-1"),
        new Liveness(Duration.ofMillis(1_500), Duration.ofSeconds(7)),
        12_345,
        stage,
        19_345);
  }

  private static KeyValueStore<String, byte[]> store(String name) {
    var store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
    return store;
  }
}

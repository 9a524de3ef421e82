package dev.holdfast.monitor.stream;

import static dev.holdfast.monitor.liveness.LeaseFixtures.heartbeat;
import static dev.holdfast.monitor.liveness.LeaseFixtures.job;
import static dev.holdfast.monitor.liveness.LeaseFixtures.opened;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.lease.LeaseRecord;
import dev.holdfast.schemas.lease.LeaseRecord.Tick;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerDecoderTest {
  private final LedgerDecoder decoder = new LedgerDecoder(3);

  @Test
  void readsEveryKindOfEntry() {
    assertThat(decoder.decode("job-1", Serdes.LEASE.write(opened(4, 2))))
        .isEqualTo(new LedgerEntry.Opened(job(1), opened(4, 2)));
    assertThat(decoder.decode("job-1", Serdes.LEASE.write(heartbeat(4))))
        .isEqualTo(new LedgerEntry.Beat(job(1), heartbeat(4)));
    assertThat(decoder.decode("job-1", null)).isEqualTo(new LedgerEntry.Closed(job(1)));
    assertThat(decoder.decode(LeaseRecord.tickKey(3), Serdes.LEASE.write(new Tick(9, 5_000))))
        .isEqualTo(new LedgerEntry.Ticked(new Tick(9, 5_000)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "NULL",
      textBlock =
          """
          NULL    | {"type":"tick","incarnation":1,"elapsedMs":5}           | must have a key
          NULL    | NULL                                                    | must have a key
          ../x    | NULL                                                    | job
          ~tick-3 | NULL                                                    | job
          ~tick-2 | {"type":"tick","incarnation":1,"elapsedMs":5}           | must be ~tick-3, not ~tick-2
          job-1   | {"type":"tick","incarnation":1,"elapsedMs":5}           | must be ~tick-3, not job-1
          ~tick-3 | {"type":"opened","token":1,"leaseSequence":1,"worker":"w","liveness":{"heartbeat":"PT30S","staleAfter":"PT2M"}} | job
          job-1   | {"type":"heartbeat","token":0,"worker":"w","phase":"running"} | token
          job-1   | {"type":"heartbeat","worker":"w","phase":"running"}     | token
          job-1   | {"type":"opened","token":1,"leaseSequence":1,"worker":"w"} | liveness
          job-1   | {"type":"snore"}                                        | snore
          job-1   | \\u0000                                                 | JSON
          """)
  void saysWhatIsWrong(String key, String value, String problem) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> decoder.decode(key, value == null ? null : value.getBytes(UTF_8)))
        .withMessageContaining(problem);
  }
}

package dev.holdfast.worker.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetLedgerTest {
  @Test
  void commitsNothingBehindAnOpenOrder() {
    var ledger = new OffsetLedger(5);
    ledger.opened(5);
    ledger.opened(7);

    ledger.done(7);
    assertThat(ledger.committable()).isEqualTo(5);

    ledger.done(5);
    assertThat(ledger.committable()).isEqualTo(8);
    assertThat(ledger.open()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everythingBelowTheCommittableOffsetIsDone(long seed) {
    var random = new Random(seed);
    var ledger = new OffsetLedger(0);
    var offsets = new ArrayList<Long>();
    long offset = 0;
    for (int i = 0; i < 100; i++) {
      // Transaction markers take offsets too.
      offset += 1 + random.nextInt(2);
      offsets.add(offset);
      ledger.opened(offset);
    }
    Set<Long> open = new HashSet<>(offsets);
    Collections.shuffle(offsets, random);
    for (long next : offsets) {
      ledger.done(next);
      open.remove(next);

      long committable = ledger.committable();
      assertThat(open).as("seed %d", seed).noneMatch(left -> left < committable);
    }
    assertThat(ledger.committable()).isEqualTo(offset + 1);
  }
}

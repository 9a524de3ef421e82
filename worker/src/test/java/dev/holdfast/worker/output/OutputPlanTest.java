package dev.holdfast.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.worker.output.OutputPlan.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputPlanTest {
  /** Head 100, tail 10, chunks of 30. */
  private static final OutputLimit LIMIT = new OutputLimit(100, 10, 30);

  @ParameterizedTest(name = "at {0} of {1}, ended {2}: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "  0 |   0 | false | Idle[]",
        "  0 |  20 | false | Bytes[offset=0, length=20]",
        "  0 |  50 | false | Bytes[offset=0, length=30]",
        " 90 | 200 | false | Bytes[offset=90, length=10]",
        "100 | 200 | false | Idle[]",
        "  0 |   0 | true  | Done[]",
        " 20 |  20 | true  | Done[]",
        "100 | 110 | true  | Bytes[offset=100, length=10]",
        "100 | 111 | true  | Cut[offset=100, end=101]",
        "100 | 999 | true  | Cut[offset=100, end=989]",
        "989 | 999 | true  | Bytes[offset=989, length=10]",
        "999 | 999 | true  | Done[]",
        // A file that shrank: nothing sensible is left to do.
        " 50 |  20 | true  | Done[]",
        " 50 |  20 | false | Idle[]",
      })
  void saysWhatComesNext(long position, long size, boolean ended, String next) {
    assertThat(OutputPlan.next(LIMIT, position, size, ended)).hasToString(next.strip());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void coversEveryByteOnceHoweverTheFileGrowsAndTheWorkerCrashes(long seed) {
    var random = new Random(seed);
    long finalSize = random.nextInt(300);
    long size = 0;
    long position = 0;
    List<Next> done = new ArrayList<>();
    while (true) {
      size = Math.min(finalSize, size + random.nextInt(40));
      boolean ended = size == finalSize && random.nextBoolean();
      Next next = OutputPlan.next(LIMIT, position, size, ended);
      switch (next) {
        case Next.Bytes(long offset, int length) -> {
          assertThat(offset).as("seed %d", seed).isEqualTo(position);
          assertThat(length).as("seed %d", seed).isBetween(1, 30);
          position = offset + length;
          done.add(next);
        }
        case Next.Cut(long offset, long end) -> {
          assertThat(offset).as("seed %d", seed).isEqualTo(position);
          position = end;
          done.add(next);
        }
        case Next.Idle() -> {}
        case Next.Done() -> {
          assertThat(position).as("seed %d", seed).isEqualTo(finalSize);
          long cuts = done.stream().filter(Next.Cut.class::isInstance).count();
          assertThat(cuts).as("seed %d", seed).isEqualTo(finalSize > 110 ? 1 : 0);
          return;
        }
      }
    }
  }
}

package dev.holdfast.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimilarNamesTest {

  @Test
  void offersTheNearestFirst() {
    assertThat(SimilarNames.to("mian", List.of("develop", "main", "maintenance", "man")))
        .containsExactly("man", "main");
  }

  @Test
  void seesThroughCaseRemoteAndPrefix() {
    assertThat(SimilarNames.to("origin/Main", List.of("main"))).containsExactly("main");
    assertThat(SimilarNames.to("login", List.of("feature/login", "x")))
        .containsExactly("feature/login");
  }

  @Test
  void offersAtMostFive() {
    List<String> many = IntStream.range(0, 50).mapToObj(i -> "release-" + i).toList();

    assertThat(SimilarNames.to("release-", many)).hasSize(5);
  }

  @Test
  void offersNothingFarOff() {
    assertThat(SimilarNames.to("zebra", List.of("main", "develop"))).isEmpty();
  }
}

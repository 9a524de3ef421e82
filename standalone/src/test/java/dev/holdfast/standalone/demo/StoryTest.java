package dev.holdfast.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoryTest {
  private final StringWriter told = new StringWriter();
  private final Story story = new Story(new PrintWriter(told));

  @Test
  void holdsWhenEveryClaimWasSeenToHold() {
    for (Claim claim : Claim.values()) {
      story.found(finding(claim, true));
    }

    assertThat(story.conclude()).isTrue();
    assertThat(told.toString()).contains("Every promise held.");
  }

  @ParameterizedTest
  @EnumSource(Claim.class)
  void isBrokenWhenOneClaimDidNotHold(Claim broken) {
    for (Claim claim : Claim.values()) {
      story.found(finding(claim, claim != broken));
    }

    assertThat(story.conclude()).isFalse();
    assertThat(told.toString()).contains("NOT every promise held");
  }

  @ParameterizedTest
  @EnumSource(Claim.class)
  void isBrokenWhenOneClaimWasNeverTested(Claim missing) {
    for (Claim claim : Claim.values()) {
      story.found(finding(claim == missing ? other(claim) : claim, true));
    }

    assertThat(story.conclude()).isFalse();
  }

  @Test
  void isBrokenWhenNothingWasFound() {
    assertThat(story.conclude()).isFalse();
  }

  /** So that the number of findings is right and one is there twice. */
  private static Claim other(Claim claim) {
    return Claim.values()[(claim.ordinal() + 1) % Claim.values().length];
  }

  private static Finding finding(Claim claim, boolean held) {
    return new Finding(claim, "job", "1", "what", Duration.ofMillis(5), "equal", held);
  }
}

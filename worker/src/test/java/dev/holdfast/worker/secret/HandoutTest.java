package dev.holdfast.worker.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.Token;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.SecretUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoutTest {
  private static final HeldAttempt ATTEMPT = new HeldAttempt(new JobId("job-1"), new Token(7));

  @TempDir Path home;
  private SecretRooms rooms;
  private Handout handout;

  @BeforeEach
  void open() throws IOException {
    rooms = SecretRooms.open(home, List.of());
    handout = handout(new SecretUse("token", "TOKEN"), new SecretUse("token", null));
    Files.createDirectory(home.resolve("store"));
    store("hunter22\n");
  }

  private Handout handout(SecretUse... uses) {
    return new Handout(List.of(uses), new SecretStore(home.resolve("store")), rooms, ATTEMPT);
  }

  private void store(String value) throws IOException {
    Path file = Files.writeString(home.resolve("store/token"), value);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void givesAsOftenAsAskedAndTakesAllAway() throws Exception {
    handout.give();
    handout.give();

    assertThat(handout.environment()).containsExactly(java.util.Map.entry("TOKEN", "hunter22"));
    assertThat(handout.files().resolve("token")).content().isEqualTo("hunter22\n");
    assertThat(Files.getPosixFilePermissions(handout.files().resolve("token")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    handout.remove();
    assertThat(rooms.isEmpty()).isTrue();
  }

  @Test
  void writesDownWhatItGaveWithoutTheValue() throws Exception {
    assertThat(handout.give().toString()).contains("token").doesNotContain("hunter22");
  }

  @Test
  void masksWhatItGaveEvenIfTheStoreAndTheJobHaveChangedIt() throws Exception {
    Given given = handout.give();
    store("another\n");
    Files.writeString(handout.files().resolve("token"), "changed by the job");

    assertThat(handout.mask(given).text("hunter22")).isEqualTo("********");
  }

  @Test
  void asksTheStoreAfterAReboot() throws Exception {
    Given given = handout.give();
    handout.remove();

    assertThat(handout.mask(given).text("hunter22 and more")).isEqualTo("******** and more");
  }

  @Test
  void masksEverythingWhenNobodyKnowsTheValueAnyMore() throws Exception {
    Given given = handout.give();
    handout.remove();
    store("another\n");

    assertThat(handout.mask(given).text("hunter22 and more")).isEqualTo("*".repeat(17));
    Files.delete(home.resolve("store/token"));
    assertThat(handout.mask(given).text("x")).isEqualTo("*");
  }

  @Test
  void refusesAVariableWithAZeroByte() throws Exception {
    store("a\0b");

    assertThatThrownBy(() -> handout.give())
        .isInstanceOfSatisfying(
            SecretUnusable.class, e -> assertThat(e.code()).isEqualTo(SecretUnusable.Code.REFUSED))
        .hasMessageContaining("zero byte");
  }

  @Test
  void takesNoDirectoryThatIsNotItsOwn() throws Exception {
    Path shared = Files.createDirectory(home.resolve("shared"));
    Files.createSymbolicLink(home.resolve("secrets-in-use"), shared);

    assertThatThrownBy(() -> handout.give())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("secrets-in-use");
    assertThat(shared).isEmptyDirectory();
  }

  @Test
  void leavesNothingBehindWithTheLastAttempt() throws Exception {
    handout.give();
    assertThat(home.resolve("secrets-in-use")).isNotEmptyDirectory();

    handout.remove();

    assertThat(home.resolve("secrets-in-use")).doesNotExist();
    assertThat(rooms.isEmpty()).isTrue();
  }

  @Test
  void sweepsWhatNobodyHolds() throws Exception {
    handout.give();
    rooms.sweep(List.of(ATTEMPT));
    assertThat(handout.environment()).isEqualTo(java.util.Map.of("TOKEN", "hunter22"));

    rooms.sweep(List.of());

    assertThat(rooms.isEmpty()).isTrue();
  }
}

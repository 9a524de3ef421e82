package dev.holdfast.worker.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.schemas.InvalidField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretStoreTest {
  @TempDir Path directory;

  private Path secret(String name, String value, String mode) throws IOException {
    Path file = Files.writeString(directory.resolve(name), value);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------"})
  void findsWhatIsForItsOwnerAlone(String mode) throws IOException {
    secret("token", "value\n", mode);

    Secret found = new SecretStore(directory).find("token").orElseThrow();

    assertThat(found.bytes()).asString().isEqualTo("value\n");
    assertThat(found.text()).isEqualTo("value");
    assertThat(found).hasToString("secret 'token'");
  }

  @Test
  void takesOnlyTheLastLineBreakFromText() throws IOException {
    secret("token", "one\ntwo\r\n", "rw-------");

    assertThat(new SecretStore(directory).find("token").orElseThrow().text()).isEqualTo("one\ntwo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rwx------", "rw--w----"})
  void refusesWhatOthersCouldReadAndSaysHowToMendIt(String mode) throws IOException {
    Path file = secret("token", "value", mode);

    assertThatThrownBy(() -> new SecretStore(directory).find("token"))
        .isInstanceOf(SecretRefused.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(mode)
        .hasMessageContaining("chmod 600 " + file)
        .hasMessageNotContaining("value");
  }

  @Test
  void refusesWhatIsNoFile() throws IOException {
    Path inTheWay = Files.createDirectory(directory.resolve("token"));
    Files.setPosixFilePermissions(inTheWay, PosixFilePermissions.fromString("rw-------"));

    assertThatThrownBy(() -> new SecretStore(directory).find("token"))
        .isInstanceOf(SecretRefused.class)
        .hasMessageContaining(inTheWay.toString());
  }

  @Test
  void hasNothingWhereNothingIs() {
    assertThat(new SecretStore(directory).find("token")).isEmpty();
    assertThat(new SecretStore(directory.resolve("none")).find("token")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../token", "a/b", "", ".hidden"})
  void looksNowhereElse(String name) {
    assertThatThrownBy(() -> new SecretStore(directory).find(name))
        .isInstanceOf(InvalidField.class);
  }
}

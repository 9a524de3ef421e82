package dev.holdfast.standalone.launcher;

import static dev.holdfast.standalone.launcher.FakeClone.imageRunBy;
import static dev.holdfast.standalone.launcher.FakeClone.jarIn;
import static dev.holdfast.standalone.launcher.FakeClone.outcome;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherTest {

  /** The launcher's exit code when there is nothing to run Holdfast with. */
  private static final int UNAVAILABLE = 69;

  @TempDir private Path folder;
  private FakeClone clone;

  @BeforeEach
  void cloneTheRepository() throws IOException {
    clone = new FakeClone(folder);
  }

  @Test
  void handsItsArgumentsToJavaUnchanged() throws Exception {
    var outcome = clone.launch("submit", "--", "sh", "-c", "echo 'a  b' \"$HOME\" *", "");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.javaArguments())
        .contains("-Dholdfast.home=" + clone.home(), "--enable-native-access=ALL-UNNAMED")
        .endsWith("submit", "--", "sh", "-c", "echo 'a  b' \"$HOME\" *", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"25", "25.0.3", "26-ea", "30.1"})
  void runsOnAnyJdkThatIsNewEnough(String version) throws Exception {
    var outcome = clone.with("JAVA_HOME", clone.jdk(version)).launch();

    assertThat(outcome.javaArguments()).first().isEqualTo(java(clone.jdk(version)));
  }

  @Test
  void passesOverAnOldJavaHomeForANewerJavaOnThePath() throws Exception {
    var newer = clone.jdk("26");
    Files.createSymbolicLink(clone.tools().resolve("java"), newer.resolve("bin/java"));

    var outcome = clone.with("JAVA_HOME", clone.jdk("17.0.15")).launch();

    assertThat(outcome.javaArguments()).first().isEqualTo(java(newer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_402", "17.0.15", "24"})
  void refusesAJdkThatWasAskedForButIsTooOld(String version) throws Exception {
    var outcome = clone.with("HOLDFAST_JAVA_HOME", clone.jdk(version)).launch();

    assertThat(outcome.exitCode()).isEqualTo(UNAVAILABLE);
    assertThat(outcome.stderr())
        .contains(
            "a JDK 25 or later", clone.jdk(version) + " holds Java " + version.split("\\.")[0]);
    assertThat(clone.builds()).isZero();
  }

  @Test
  void refusesAnAskedForJdkThatIsNotThere() throws Exception {
    var outcome = clone.with("HOLDFAST_JAVA_HOME", "/nowhere").launch();

    assertThat(outcome.exitCode()).isEqualTo(UNAVAILABLE);
    assertThat(outcome.stderr()).contains("/nowhere holds no JDK");
  }

  @Test
  void worksThroughAChainOfLinksFromAnotherFolder() throws Exception {
    var elsewhere = Files.createDirectory(folder.resolve("else where"));
    Files.createSymbolicLink(elsewhere.resolve("hf"), Path.of("../clone/holdfast"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("else where/hf"));

    var outcome = clone.launch(elsewhere, "../link", "list");

    assertThat(outcome.javaArguments())
        .contains("-Dholdfast.home=" + clone.home())
        .endsWith("list");
  }

  @Test
  void buildsOnceAndThenNeverForUnchangedSources() throws Exception {
    var first = clone.launch();
    var second = clone.launch();

    assertThat(first.stderr()).contains("building for the first time");
    assertThat(second.stderr()).isEmpty();
    assertThat(clone.builds()).isEqualTo(1);
    assertThat(imageRunBy(second)).isEqualTo("1");
  }

  @Test
  void buildsAgainWhenASourceHasChanged() throws Exception {
    clone.launch();
    Files.writeString(clone.source(), "class Worker {}");

    var outcome = clone.launch();

    assertThat(outcome.stderr()).contains("sources have changed");
    assertThat(imageRunBy(outcome)).isEqualTo("2");
  }

  @Test
  void buildsAgainWhenASourceIsGone() throws Exception {
    clone.launch();
    Files.delete(clone.source());

    assertThat(imageRunBy(clone.launch())).isEqualTo("2");
  }

  @Test
  void runsTheLastImageWhenBuildingIsForbidden() throws Exception {
    clone.launch();
    Files.writeString(clone.source(), "class Worker {}");

    assertThat(imageRunBy(clone.with("HOLDFAST_NO_BUILD", "1").launch())).isEqualTo("1");
  }

  @Test
  void saysThatNothingIsBuiltWhenBuildingIsForbidden() throws Exception {
    var outcome = clone.with("HOLDFAST_NO_BUILD", "1").launch();

    assertThat(outcome.exitCode()).isEqualTo(UNAVAILABLE);
    assertThat(outcome.stderr()).contains("nothing is built yet", "HOLDFAST_NO_BUILD");
  }

  @Test
  void showsWhyABuildFailedAndTriesAgainNextTime() throws Exception {
    clone.launch();
    Files.writeString(clone.source(), "class Worker {");
    var working = Files.readString(clone.tools().resolve("mvn"));
    clone.script(clone.tools().resolve("mvn"), "echo 'Worker.java: no closing brace'\nexit 1\n");

    var failed = clone.launch();
    Files.writeString(clone.tools().resolve("mvn"), working);
    var mended = clone.launch();

    assertThat(failed.exitCode()).isEqualTo(UNAVAILABLE);
    assertThat(failed.stdout()).isEmpty();
    assertThat(failed.stderr()).contains("no closing brace", "the build failed");
    assertThat(imageRunBy(mended)).isEqualTo("2");
  }

  @Test
  void namesWhatToInstallWhenThereIsNoMaven() throws Exception {
    Files.delete(clone.tools().resolve("mvn"));
    for (var tool :
        List.of("sed", "dirname", "readlink", "find", "head", "cat", "mkdir", "flock")) {
      clone.script(clone.tools().resolve(tool), "exec /usr/bin/" + tool + " \"$@\"\n");
    }

    var outcome = clone.with("PATH", clone.tools()).launch();

    assertThat(outcome.exitCode()).isEqualTo(UNAVAILABLE);
    assertThat(outcome.stderr()).contains("no mvn on the PATH", "apt install maven");
  }

  @Test
  void buildsOnceForLaunchersThatStartTogether() throws Exception {
    var launchers = new ArrayList<Process>();
    for (int i = 0; i < 4; i++) {
      launchers.add(clone.start(clone.home(), "./holdfast"));
    }

    for (var launcher : launchers) {
      assertThat(imageRunBy(outcome(launcher))).isEqualTo("1");
    }
    assertThat(clone.builds()).isEqualTo(1);
  }

  @Test
  void keepsAnImageForAsLongAsAProcessRunsFromIt() throws Exception {
    clone.script(
        clone.jdk("25.0.3").resolve("bin/java"), "printf '%s\\n' \"$0\" \"$@\"\nread line\n");
    var up = clone.start(clone.home(), "./holdfast", "up");
    var jarOfUp = jarIn(linesUntil(up, "up"));

    buildAnewTwice();
    assertThat(jarOfUp).hasContent("1\n");

    outcome(up);
    buildAnewTwice();
    assertThat(jarOfUp).doesNotExist();
  }

  /** Twice, because the last image but one is always kept. */
  private void buildAnewTwice() throws Exception {
    for (int i = 0; i < 2; i++) {
      Files.writeString(clone.source(), "class Worker {}");
      clone.launch();
    }
  }

  private static List<String> linesUntil(Process process, String last) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    var lines = new ArrayList<String>();
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
      if (line.equals(last)) {
        return lines;
      }
    }
    throw new AssertionError("Expected a line " + last + " but the process ended after " + lines);
  }

  private static String java(Path jdk) {
    return jdk.resolve("bin/java").toString();
  }
}

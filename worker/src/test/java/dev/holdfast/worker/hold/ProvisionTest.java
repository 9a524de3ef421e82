package dev.holdfast.worker.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.schemas.attempt.Outcome;
import dev.holdfast.schemas.attempt.OutputStreamName;
import dev.holdfast.schemas.attempt.Progress;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.job.Checkpointing;
import dev.holdfast.schemas.job.JobSpec;
import dev.holdfast.schemas.job.Kept;
import dev.holdfast.schemas.job.KeptKind;
import dev.holdfast.schemas.job.SecretUse;
import dev.holdfast.worker.output.StreamDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job is given and gives, with real shims and processes and a cell in memory. */
class ProvisionTest {
  private static final String CANARY = "canary-7Qz/+9 x";

  /** For conditions that come soon on a quiet machine. */
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path data;
  private final InMemoryCell cell = new InMemoryCell();
  private TestWorker worker;

  @BeforeEach
  void start() throws Exception {
    worker = newWorker();
  }

  private TestWorker newWorker() throws Exception {
    int before = cell.presences.size();
    var started = new TestWorker(data, cell, TestWorker.Setup.QUICK);
    await().atMost(LONG).until(() -> started.desk.reconciled() && cell.presences.size() > before);
    await().atMost(LONG).until(() -> cell.presences.getLast().slots() > 0);
    return started;
  }

  @AfterEach
  void stop() throws IOException {
    worker.close();
    cell.close();
    worker.rooms.sweep(List.of());
  }

  /** What of a spec these tests are about. */
  private record Given(
      Map<String, String> files, List<SecretUse> secrets, @Nullable Checkpointing checkpoint) {
    static final Given NOTHING = new Given(Map.of(), List.of(), null);

    JobSpec command(String... command) {
      return new JobSpec(
          List.of(command),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          new TreeMap<>(files),
          secrets,
          null,
          null,
          null,
          null,
          checkpoint,
          null);
    }

    JobSpec shell(String script) {
      return command("sh", "-c", script);
    }
  }

  private static Given files(Map<String, String> files) {
    return new Given(files, List.of(), null);
  }

  private static Given secrets(SecretUse... secrets) {
    return new Given(Map.of(), List.of(secrets), null);
  }

  private Path secret(String name, String value) throws IOException {
    Path directory = Files.createDirectories(data.resolve("secrets"));
    Path file = Files.writeString(directory.resolve(name), value);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private WorkerReport.Ended ended() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !cell.reports(WorkerReport.Ended.class).isEmpty());
    return cell.reports(WorkerReport.Ended.class).getFirst();
  }

  private String stdout(Order.Assigned assigned) {
    return new String(cell.output(assigned.job(), OutputStreamName.STDOUT), UTF_8);
  }

  private void awaitGone() {
    await().atMost(LONG).until(() -> worker.desk.held() == 0);
  }

  @Test
  void filesReachTheJobByteForByteAndThroughNoShell() {
    String prompt = "$(touch /tmp/x) `id` 'single' \"double\" \\n\n\tend $HOME ; rm -rf . & é\n\n";

    var assigned =
        worker.assign(
            "job-1",
            files(Map.of("prompt.md", prompt, "empty", ""))
                .shell(
                    "cat $HOLDFAST_FILES/prompt.md; stat -c %a $HOLDFAST_FILES/*; ls"
                        + " $HOLDFAST_FILES"));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(stdout(assigned)).isEqualTo(prompt + "400\n400\nempty\nprompt.md\n");
  }

  @Test
  void argumentsReachTheJobByteForByteAndThroughNoShell() {
    String prompt = "$(id) `id` 'a' \"b\" \\ \n*\t$HOME;&|<>";

    var assigned = worker.assign("job-1", Given.NOTHING.command("printf", "%s|%s", prompt, ""));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(stdout(assigned)).isEqualTo(prompt + "|");
  }

  @Test
  void aZeroByteIsRefusedBeforeItCanCutAnArgumentShort() {
    assertThatThrownBy(() -> Given.NOTHING.command("echo", "a\0b"))
        .isInstanceOf(InvalidField.class)
        .hasMessageContaining("command[1]");
  }

  @Test
  void secretsReachTheJobByVariableAndByFile() throws Exception {
    secret("token", CANARY + "\n");

    var assigned =
        worker.assign(
            "job-1",
            secrets(new SecretUse("token", "TOKEN"), new SecretUse("token", null))
                .shell(
                    "[ \"$TOKEN\" = '%s' ] && echo variable; [ \"$(cat $HOLDFAST_SECRETS/token)\" = '%s' ] && echo file; stat -c %%a $HOLDFAST_SECRETS $HOLDFAST_SECRETS/token; stat -f -c %%T $HOLDFAST_SECRETS"
                        .formatted(CANARY, CANARY)));

    ended();
    assertThat(stdout(assigned)).isEqualTo("variable\nfile\n700\n600\ntmpfs\n");
    awaitGone();
    assertThat(worker.rooms.isEmpty()).isTrue();
  }

  @Test
  void saysWhichSecretIsMissingAndWhere() {
    worker.assign("job-1", secrets(new SecretUse("token", "TOKEN")).shell("true"));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("secret-missing");
              assertThat(failed.message())
                  .contains("'token'", data.resolve("secrets").toString(), "worker w-1");
            });
  }

  @Test
  void refusesASecretThatOthersCouldRead() throws Exception {
    Files.setPosixFilePermissions(
        secret("token", CANARY), PosixFilePermissions.fromString("rw-r--r--"));

    worker.assign("job-1", secrets(new SecretUse("token", "TOKEN")).shell("true"));

    assertThat(ended().outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("secret-refused");
              assertThat(failed.message()).contains("chmod 600").doesNotContain(CANARY);
            });
  }

  /**
   * In every spelling, split over writes, in output, progress and messages: nowhere to be found.
   */
  @Test
  void aSecretGetsOutNowhere() throws Exception {
    secret("token", CANARY);
    byte[] canary = CANARY.getBytes(UTF_8);
    String base64 = Base64.getEncoder().encodeToString(canary);
    String hex = HexFormat.of().formatHex(canary);
    String url = java.net.URLEncoder.encode(CANARY, UTF_8);
    String script =
        """
        echo "raw $TOKEN"; echo "%s" >&2; echo "%s"; echo "%s"
        printf 'split %%s' "canary-7"; until [ -e go ]; do sleep 0.02; done; printf 'Qz/+9 x\\n'
        echo "50 doing $TOKEN" > "$HOLDFAST_PROGRESS"; ls > /dev/null
        until [ -e end ]; do sleep 0.02; done
        """
            .formatted(base64, hex, url);
    var assigned = worker.assign("job-1", secrets(new SecretUse("token", "TOKEN")).shell(script));
    Path work = worker.directory(assigned).resolve("work");
    await().atMost(LONG).until(() -> stdout(assigned).contains("split "));

    assertThat(stdout(assigned)).endsWith("split ");
    assertThat(onDisk(canary)).containsOnly(data.resolve("secrets/token"));
    Files.createFile(work.resolve("go"));
    await()
        .atMost(LONG)
        .until(() ->
            cell.beats.stream()
                .anyMatch(
                    beat -> new Progress(50, "doing ***************").equals(beat.progress())));
    Files.createFile(work.resolve("end"));
    var ended = ended();

    String out = stdout(assigned);
    assertThat(out)
        .isEqualTo(
            "raw %s\n%s\n%s\nsplit %s\n"
                .formatted(stars(CANARY), stars(hex), stars(url), stars(CANARY)));
    assertThat(new String(cell.output(assigned.job(), OutputStreamName.STDERR), UTF_8))
        .isEqualTo(stars(base64) + "\n");
    assertThat(ended.output().stdout().sha256()).isEqualTo(sha256(out));
    assertThat(cell.reports.toString() + cell.beats).doesNotContain(CANARY, base64, hex, url);
    awaitGone();
    await()
        .untilAsserted(
            () -> assertThat(onDisk(canary)).containsOnly(data.resolve("secrets/token")));
    assertThat(worker.rooms.isEmpty()).isTrue();
  }

  private void awaitHeartbeats(int more) {
    int now = cell.beats.size();
    await().atMost(LONG).until(() -> cell.beats.size() >= now + more);
  }

  private static String stars(String text) {
    return "*".repeat(text.length());
  }

  private String sha256(String text) throws IOException {
    return StreamDigest.of(Files.writeString(data.resolve("published-copy"), text)).sha256();
  }

  /** Files below the worker's directory that hold these bytes; the job's own output is its own. */
  private List<Path> onDisk(byte[] bytes) throws IOException {
    String wanted = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !List.of("stdout", "stderr").contains(file.getFileName().toString()))
          .filter(file -> {
            try {
              return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                  .contains(wanted);
            } catch (java.nio.file.NoSuchFileException e) {
              return false;
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          })
          .toList();
    }
  }

  /** The publisher that takes over begins in the middle of a secret, and the store has changed. */
  @Test
  void masksAfterAnAdoptionToo() throws Exception {
    secret("token", CANARY);
    var assigned =
        worker.assign(
            "job-1",
            secrets(new SecretUse("token", "TOKEN"))
                .shell(
                    "printf 'a canary-7'; until [ -e go ]; do sleep 0.02; done; printf 'Qz/+9 x"
                        + " z\\n'"));
    await().atMost(LONG).until(() -> stdout(assigned).equals("a "));
    worker.abandon();
    secret("token", "rotated");

    worker = newWorker();
    await().atMost(LONG).until(() -> !cell.reports(WorkerReport.Adopted.class).isEmpty());
    Files.createFile(worker.directory(assigned).resolve("work/go"));

    var ended = ended();
    assertThat(stdout(assigned)).isEqualTo("a *************** z\n");
    assertThat(ended.output().stdout().sha256()).isEqualTo(sha256(stdout(assigned)));
  }

  @Test
  void sweepsWhatAnEarlierIncarnationLeftInMemory() throws Exception {
    secret("token", CANARY);
    var assigned = worker.assign("job-1", secrets(new SecretUse("token", null)).shell("sleep 30"));
    await().atMost(LONG).until(() -> Files.exists(worker.directory(assigned).resolve("identity")));
    worker.abandon();
    Path aside = data.resolve("aside");
    Files.move(worker.directory(assigned), aside);

    worker = newWorker();

    assertThat(worker.rooms.isEmpty()).isTrue();
    new ProcessBuilder("sh", "-c", "kill -9 $(grep -o '_pid=[0-9]*' identity | cut -d= -f2)")
        .directory(aside.toFile())
        .start()
        .waitFor();
  }

  @Test
  void progressIsBeatenAsTheJobTellsIt() throws Exception {
    var assigned =
        worker.assign(
            "job-1",
            Given.NOTHING.shell(
                "echo '40 half way' > $HOLDFAST_PROGRESS; until [ -e go ]; do sleep 0.02; done;"
                    + " echo '{\"percent\": 99.5, \"text\": \"nearly\"}' > $HOLDFAST_PROGRESS"));

    await()
        .atMost(LONG)
        .until(() ->
            cell.beats.stream()
                .anyMatch(beat -> new Progress(40, "half way").equals(beat.progress())));
    Files.createFile(worker.directory(assigned).resolve("work/go"));

    await()
        .atMost(LONG)
        .until(() ->
            cell.beats.stream()
                .anyMatch(beat -> new Progress(99, "nearly").equals(beat.progress())));
  }

  @Test
  void savesTheCheckpointWhenItChangesAndGoesOnFromIt() throws Exception {
    var checkpointed = new Given(Map.of(), List.of(), new Checkpointing(null));
    var first =
        worker.assign(
            "job-1",
            checkpointed.shell(
                "cd $HOLDFAST_CHECKPOINT; mkdir -p deep; echo one > deep/state; chmod 750 deep; ln"
                    + " -s deep/state link; echo ready; sleep 60"));
    await().atMost(LONG).until(() -> stdout(first).equals("ready\n"));
    awaitHeartbeats(4);
    int before = cell.reports(WorkerReport.FileKept.class).size();
    Path checkpoint = worker.directory(first).resolve("job/checkpoint");
    Files.writeString(checkpoint.resolve("deep/state"), "two\n");
    await().atMost(LONG).until(() -> cell.reports(WorkerReport.FileKept.class).size() > before);
    awaitHeartbeats(4);

    var kept = cell.reports(WorkerReport.FileKept.class);
    assertThat(kept).as("saved only when it has changed").hasSize(before + 1);
    assertThat(kept.getLast().kind()).isEqualTo(KeptKind.CHECKPOINT);
    cell.order(
        new Order.Stop(first.worker(), first.job(), first.token(), Order.StopReason.SUPERSEDED));
    var second =
        worker.assign(
            "job-2",
            checkpointed.shell(
                "cd $HOLDFAST_CHECKPOINT; cat link; stat -c %a deep; cat deep/state; ls -A"),
            new Kept(kept.getLast().file(), null));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(stdout(second)).isEqualTo("two\n750\ntwo\ndeep\nlink\n");
  }

  @Test
  void beginsFromTheStartWhenTheCheckpointIsGone() {
    var gone = new BlobRef("checkpoint.tar.gz", "application/gzip", "00", 5, 1, 0, 0);

    var assigned =
        worker.assign(
            "job-1",
            new Given(Map.of(), List.of(), new Checkpointing(null))
                .shell("ls -A $HOLDFAST_CHECKPOINT | wc -l"),
            new Kept(gone, null));

    assertThat(ended().outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(stdout(assigned)).isEqualTo("0\n");
  }

  @Test
  void aCheckpointThatIsTooLargeIsNotSaved() throws Exception {
    var assigned =
        worker.assign(
            "job-1",
            new Given(Map.of(), List.of(), new Checkpointing(1000L))
                .shell(
                    "head -c 1001 /dev/zero > big; mv big $HOLDFAST_CHECKPOINT; cd"
                        + " $HOLDFAST_CHECKPOINT; until [ -e go ]; do sleep 0.02; done; rm big;"
                        + " echo small > small; sleep 60"));
    awaitHeartbeats(5);
    assertThat(cell.reports(WorkerReport.FileKept.class)).isEmpty();

    Files.createFile(worker.directory(assigned).resolve("job/checkpoint/go"));

    await().atMost(LONG).until(() -> !cell.reports(WorkerReport.FileKept.class).isEmpty());
  }
}

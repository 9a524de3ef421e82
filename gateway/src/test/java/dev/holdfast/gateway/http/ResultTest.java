package dev.holdfast.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.gateway.JobFixtures;
import dev.holdfast.schemas.attempt.JobResult;
import dev.holdfast.schemas.attempt.JobResult.BlobRef;
import dev.holdfast.schemas.attempt.Outcome;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTest {
  @TempDir Path directory;
  private final JobFixtures job = JobFixtures.job("a");
  private Api api;

  @BeforeEach
  void start() {
    api = Api.start(directory);
  }

  @AfterEach
  void close() {
    api.close();
  }

  /** A file of two chunks. */
  private BlobRef file(String first, String second) throws NoSuchAlgorithmException {
    byte[] all = (first + second).getBytes(UTF_8);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all));
    api.blobs.put(sha256 + "/0", first.getBytes(UTF_8));
    api.blobs.put(sha256 + "/1", second.getBytes(UTF_8));
    return new BlobRef("changes.diff", "text/x-diff", sha256, all.length, 2, 3, 40);
  }

  private void ended(BlobRef file) {
    var changes = new JobResult.Changes("b", "h", 1, 2, 3, 4, 0, 0, "");
    api.tell(
        job.submitted(1),
        job.assigned(1, 1, "w"),
        job.ended(1, 1L, new Outcome.Exited(1), null, new JobResult(List.of(file), changes)));
  }

  @Test
  void tellsWhatThereIs() throws Exception {
    BlobRef file = file("one\n", "two\n");
    ended(file);

    JsonNode result = Api.json(api.get("/v1/jobs/a/result"));

    assertThat(result.get("state").asText()).isEqualTo("FAILED");
    assertThat(result.at("/changes/commits").asInt()).isEqualTo(1);
    assertThat(result.at("/files/0/sha256").asText()).isEqualTo(file.sha256());
    assertThat(api.get(result.at("/files/0/href").asText()).body()).isEqualTo("one\ntwo\n");
  }

  @Test
  void givesAFileWithItsDigest() throws Exception {
    BlobRef file = file("one\n", "two\n");
    ended(file);

    HttpResponse<String> response = api.get("/v1/jobs/a/result/changes.diff");

    assertThat(response.headers().firstValue("Content-Type")).contains("text/x-diff");
    assertThat(response.headers().firstValue("Content-Length")).contains("8");
    assertThat(response.headers().firstValue("ETag")).contains("\"" + file.sha256() + "\"");
  }

  @Test
  void neverCompletesADamagedFile() throws Exception {
    BlobRef file = file("one\n", "two\n");
    ended(file);
    api.blobs.put(file.sha256() + "/1", "twx\n".getBytes(UTF_8));

    assertThatThrownBy(() -> api.get("/v1/jobs/a/result/changes.diff"))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void saysSoWhenTheFileIsNoLongerKept() throws Exception {
    BlobRef file = file("one\n", "two\n");
    ended(file);
    api.blobs.clear();

    HttpResponse<String> response = api.get("/v1/jobs/a/result/changes.diff");

    assertThat(response.statusCode()).isEqualTo(410);
    assertThat(Api.json(response).get("code").asText()).isEqualTo("result-gone");
  }

  @Test
  void hasNothingWhileTheJobRuns() {
    api.tell(job.submitted(1));

    JsonNode result = Api.json(api.get("/v1/jobs/a/result"));
    HttpResponse<String> file = api.get("/v1/jobs/a/result/changes.diff");

    assertThat(result.get("files")).isEmpty();
    assertThat(result.get("changes").isNull()).isTrue();
    assertThat(file.statusCode()).isEqualTo(404);
    assertThat(Api.json(file).get("code").asText()).isEqualTo("result-unknown");
  }
}

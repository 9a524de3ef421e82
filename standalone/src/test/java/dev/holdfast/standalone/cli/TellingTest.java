package dev.holdfast.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TellingTest {
  private static JsonNode json(String text) throws IOException {
    return Api.JSON.readTree(text);
  }

  @Test
  void tellsProgress() throws IOException {
    assertThat(Telling.progress(json("{\"percent\":40,\"text\":\"half\"}"))).isEqualTo("40% half");
    assertThat(Telling.progress(json("{\"text\":\"half\"}"))).isEqualTo("half");
    assertThat(Telling.progress(json("null"))).isEmpty();
  }

  @Test
  void tellsUsage() throws IOException {
    assertThat(
            Telling.usage(
                json(
                    "{\"wallMs\":3723000,\"frozenMs\":61000,\"cpuMs\":1500,\"peakMemoryBytes\":5242880,"
                        + "\"readBytes\":0,\"writtenBytes\":2048,\"outputBytes\":12,\"killedProcesses\":2,"
                        + "\"survivingProcesses\":1}")))
        .isEqualTo(
            "wall 1h02m03s, frozen 1m01s, cpu 1.50s, memory 5.0 MiB, read 0 B, written 2.0 KiB,"
                + " output 12 B, killed 2 processes, 1 processes could not be ended");
  }

  @Test
  void tellsWhatAWorkerLacks() throws IOException {
    assertThat(
            Telling.unavailable(
                json(
                    "[{\"what\":\"docker\",\"reason\":\"no"
                        + " answer\",\"since\":\"2026-11-23T08:00:00Z\"}]")))
        .isEqualTo("docker: no answer since 2026-11-23T08:00:00Z");
    assertThat(Telling.disk(json("{\"freeBytes\":1073741824,\"totalBytes\":2147483648}")))
        .isEqualTo("1.0 GiB of 2.0 GiB");
    assertThat(Telling.disk(json("null"))).isEmpty();
  }
}

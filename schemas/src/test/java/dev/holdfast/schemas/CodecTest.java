package dev.holdfast.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobCommand;
import dev.holdfast.schemas.job.JobId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecTest {
  @Test
  void readsWhatItWrote() {
    byte[] json =
        """
        {"type":"submit","job":"j-1","by":"kafka:me","spec":{"command":["sh","-c","true"],
         "repository":{"url":"/srv/git/a"},"timeouts":{"run":"PT1H"},
         "liveness":{"heartbeat":"PT30S","staleAfter":"PT2M"}}}
        """
            .getBytes(UTF_8);

    JobCommand command = Serdes.COMMAND.read(json);

    assertThat(command).isInstanceOf(JobCommand.Submit.class);
    assertThat(command.job()).isEqualTo(new JobId("j-1"));
    assertThat(Serdes.COMMAND.read(Serdes.COMMAND.write(command))).isEqualTo(command);
    assertThat(((JobCommand.Submit) command).spec().priority()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonsense                                                                  |
          null                                                                      |
          {"type":"explode","job":"j"}                                              | type
          {"type":"cancel","by":"me"}                                               | job
          {"type":"cancel","job":"../x","by":"me"}                                  | job
          {"type":"cancel","job":"j","by":"me","reson":"x"}                         | reson
          {"type":"submit","job":"j","by":"me","spec":{}}                           | spec.command
          {"type":"submit","job":"j","by":"me","spec":{"command":["a"],"handler":"b"}} | spec.command
          {"type":"submit","job":"j","by":"me","spec":{"command":["a"],"env":{"HOLDFAST_X":"1"}}} | spec.env.HOLDFAST_X
          {"type":"submit","job":"j","by":"me","spec":{"command":["a"],"priority":10}} | spec.priority
          {"type":"submit","job":"j","by":"me","spec":{"command":["a"],"priority":"5"}} | spec.priority
          {"type":"submit","job":"j","by":"me","spec":{"command":["a"],"timeouts":{"run":"soon"}}} | spec.timeouts.run
          {"type":"submit","job":"j","by":"me","spec":{"command":["a"],"timeouts":{"run":"PT0S"}}} | spec.timeouts.run
          {"type":"submit","job":"j","by":"me","spec":{"command":["a"],"liveness":{"heartbeat":"PT30S","staleAfter":"PT60S"}}} | spec.liveness.staleAfter
          {"type":"submit","job":"j","by":"me","spec":{"command":["a"],"repository":{"ref":"x"}}} | spec.repository.url
          {"type":"submit","job":"j","by":"me","spec":{"command":["a",null]}}       | spec.command[1]
          """)
  void namesTheFieldAtFault(String json, String field) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> Serdes.COMMAND.read(json.getBytes(UTF_8)))
        .satisfies(e -> assertThat(e.field()).isEqualTo(field == null ? "" : field));
  }
}

package dev.holdfast.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is a problem that says why, and Kafka hears nothing of it. */
class HostileInputTest {
  @TempDir static Path directory;
  private static Api api;

  @BeforeAll
  static void start() {
    api = Api.start(directory);
  }

  @AfterAll
  static void close() {
    api.close();
  }

  @AfterEach
  void nothingReachedKafkaAndItStillServes() {
    assertThat(api.commands.sent()).isEmpty();
    assertThat(api.get("/v1/jobs").statusCode()).isEqualTo(200);
  }

  private static JsonNode problem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(response.body()).doesNotContain("Exception", "\tat ", "dev.holdfast", "io.vertx");
    JsonNode problem = Api.json(response);
    assertThat(problem.get("code").asText()).as(response.body()).isEqualTo(code);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("type").asText()).isEqualTo("urn:holdfast:problem:" + code);
    assertThat(problem.get("detail").asText()).isNotBlank();
    return problem;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "{",
        "{\"command\":[\"true\"]",
        "{\"command\":[\"true\"]}{}",
        "{\"command\":[\"true\"],}",
        "{'command':['true']}",
        "{\"command\":[\"true\"],\"command\":[\"false\"]}",
        "{\"command\":[\"true\"],\"env\":{\"A\":\"1\",\"A\":\"2\"}}",
        "{\"command\":[NaN]}",
        "{\"command\":[\"\\ud800\"}",
        "\u0000",
        "   "
      })
  void refusesWhatIsNotJson(String body) {
    problem(api.post("/v1/jobs", body), 400, "invalid-json");
  }

  @Test
  void refusesBadUtf8() {
    byte[] body = "{\"command\":[\"\u00ff\u00fe\"]}".getBytes(ISO_8859_1);

    problem(api.post("/v1/jobs", body), 400, "invalid-json");
  }

  @Test
  void refusesDeepNesting() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);

    problem(api.post("/v1/jobs", "{\"command\":" + deep + "}"), 400, "invalid-json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                                              | ''
          "text"                                                          | ''
          null                                                            | ''
          {}                                                              | command
          {"command":["a"],"handler":"b"}                                 | command
          {"command":"true"}                                              | command
          {"command":["a",1]}                                             | command[1]
          {"command":["a",null]}                                          | command[1]
          {"command":[" "]}                                               | command[0]
          {"command":["a\\u0000b"]}                                       | command[0]
          {"handler":"../x"}                                              | handler
          {"command":["a"],"comand":["b"]}                                | comand
          {"command":["a"],"priority":10}                                 | priority
          {"command":["a"],"priority":-1}                                 | priority
          {"command":["a"],"priority":"5"}                                | priority
          {"command":["a"],"priority":1e400}                              | priority
          {"command":["a"],"priority":5.5}                                | priority
          {"command":["a"],"env":{"A B":"1"}}                             | env.A B
          {"command":["a"],"env":{"HOLDFAST_TOKEN":"1"}}                  | env.HOLDFAST_TOKEN
          {"command":["a"],"env":{"A":1}}                                 | env.A
          {"command":["a"],"env":[]}                                      | env
          {"command":["a"],"labels":{"../x":"1"}}                         | labels.../x
          {"command":["a"],"labels":{"x":"a\\nb"}}                        | labels.x
          {"command":["a"],"timeouts":{"run":"soon"}}                     | timeouts.run
          {"command":["a"],"timeouts":{"run":"PT0S"}}                     | timeouts.run
          {"command":["a"],"timeouts":{"walk":"PT1S"}}                    | timeouts.walk
          {"command":["a"],"repository":{"ref":"x"}}                      | repository.url
          {"command":["a"],"repository":{"url":"a\\nb"}}                  | repository.url
          {"command":["a"],"liveness":{"heartbeat":"PT30S","staleAfter":"PT60S"}} | liveness.staleAfter
          {"command":["a"],"id":"../../etc/passwd"}                       | id
          {"command":["a"],"id":""}                                       | id
          {"command":["a"],"id":7}                                        | id
          {"command":["a"],"id":"a\\u0000"}                               | id
          """)
  void namesTheFieldAtFault(String body, String field) {
    JsonNode problem = problem(api.post("/v1/jobs", body), 400, "invalid-field");

    assertThat(problem.path("field").asText()).as(problem.toString()).isEqualTo(field);
  }

  @Test
  void refusesABodyOverTheLimit() {
    problem(
        api.post("/v1/jobs", "{\"command\":[\"" + "x".repeat(2 * 1024 * 1024) + "\"]}"),
        413,
        "body-too-large");
  }

  @Test
  void refusesArgumentsThatNoKernelTakes() {
    JsonNode problem =
        problem(
            api.post("/v1/jobs", "{\"command\":[\"a\",\"" + "x".repeat(200_000) + "\"]}"),
            400,
            "invalid-field");

    assertThat(problem.get("field").asText()).isEqualTo("command[1]");
  }

  @Test
  void refusesWhatIsNotSaidToBeJson() {
    HttpRequest form =
        api.request("/v1/jobs", "Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("{\"command\":[\"true\"]}"))
            .build();

    problem(api.send(form), 415, "unsupported-media-type");
  }

  @Test
  void refusesNoBody() {
    HttpRequest empty =
        api.request("/v1/jobs", "Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();

    problem(api.send(empty), 400, "invalid-field");
  }

  @Test
  void refusesOtherSites() {
    problem(
        api.post("/v1/jobs", "{\"command\":[\"true\"]}", "Origin", "http://evil.example"),
        403,
        "cross-origin");
    problem(api.post("/v1/jobs/a/cancel", "{}", "Origin", "null"), 403, "cross-origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/jobs/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/v1/jobs/..%252f..%252fetc",
        "/v1/jobs/a%00b",
        "/v1/jobs/.hidden",
        "/v1/jobs/%F0%9F%92%A9",
        "/v1/jobs/a%0d%0aSet-Cookie:x",
        "/v1/jobs/a%5c..%5cb",
        "/v1/jobs/a/result/..%2f..%2fetc%2fpasswd",
        "/v1/jobs/a/result/%2e%2e",
        "/v1/jobs/a/output?stream=/etc/passwd",
        "/v1/jobs/a/output?from=-1",
        "/v1/jobs/a/output?from=99999999999999999999",
        "/v1/jobs/a/output?attempt=0",
        "/v1/jobs?limit=0",
        "/v1/jobs?limit=1000000",
        "/v1/jobs?limit=ten",
        "/v1/jobs?after=nonsense",
        "/v1/jobs?after=cw",
        "/v1/jobs?status=ASLEEP",
        "/v1/jobs?label=x",
        "/v1/jobs/a/events?after=x",
      })
  void refusesBadPathsAndParameters(String path) {
    HttpResponse<String> response = api.get(path);

    assertThat(response.statusCode()).as(response.body()).isIn(400, 404);
    problem(response, response.statusCode(), Api.json(response).get("code").asText());
    assertThat(response.headers().map()).doesNotContainKey("set-cookie");
  }

  @Test
  void tellsUnknownPathsMethodsAndJobs() {
    problem(api.get("/v2/jobs"), 404, "route-unknown");
    problem(api.get("/v1/jobs/../../etc/passwd"), 404, "route-unknown");
    problem(api.send(api.request("/v1/jobs").DELETE().build()), 405, "method-not-allowed");
    for (String path : new String[] {"", "/events", "/output", "/result", "/result/x"}) {
      JsonNode problem = problem(api.get("/v1/jobs/nobody" + path), 404, "job-unknown");
      assertThat(problem.get("job").asText()).isEqualTo("nobody");
    }
  }

  @Test
  void refusesAKeyAndAnIdTogether() {
    JsonNode problem =
        problem(
            api.post("/v1/jobs", "{\"id\":\"a\",\"command\":[\"b\"]}", "Idempotency-Key", "k"),
            400,
            "invalid-field");

    assertThat(problem.get("field").asText()).isEqualTo("id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NONSENSE\r\n\r\n",
        "GET /v1/jobs HTTP/9.9\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /v1/jobs?limit=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /v1/jobs HTTP/1.1\r\n"
            + "Host: x\r\n"
            + "Content-Type: application/json\r\n"
            + "Content-Length: -5\r\n\r\n",
      })
  void survivesBrokenRequests(String text) throws IOException {
    assertThat(raw(text)).matches("(?s)HTTP/\\d\\.\\d (400|501) .*");
  }

  @Test
  void survivesEndlessHeaders() throws IOException {
    String header = "X-Long: " + "x".repeat(100_000) + "\r\n";

    assertThat(raw("GET /v1/jobs HTTP/1.1\r\nHost: x\r\n" + header + "\r\n"))
        .startsWith("HTTP/1.1 431");
  }

  private static String raw(String text) throws IOException {
    try (var socket = new Socket(api.address.host(), api.address.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(text.getBytes(UTF_8));
      out.flush();
      byte[] answer = new byte[4_000];
      int length = socket.getInputStream().read(answer);
      return length < 0 ? "" : new String(answer, 0, length, UTF_8);
    }
  }
}

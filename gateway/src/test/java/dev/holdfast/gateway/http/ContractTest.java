package dev.holdfast.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.OpenAPIContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractTest {
  private static Vertx vertx;
  private static Contract contract;
  private static OpenAPIContract routed;

  @TempDir Path directory;

  @BeforeAll
  static void read() throws Exception {
    vertx = Vertx.vertx();
    contract = Contract.read();
    routed =
        contract
            .forRouter(vertx)
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() {
    vertx.close();
  }

  /** The server refuses to start when an operation has no handler; here, no handler is idle. */
  @Test
  void everyHandlerServesAnOperation() {
    try (var api = Api.start(directory)) {
      assertThat(api.get("/").statusCode()).isEqualTo(200);
      Set<String> served = api.operations();

      assertThat(routed.operations())
          .extracting(io.vertx.openapi.contract.Operation::getOperationId)
          .containsExactlyInAnyOrderElementsOf(served);
    }
  }

  /** Operations would move with a path in a server's URL; the router would not find them. */
  @Test
  void namesNoServers() {
    assertThat(contract.json().containsKey("servers")).isFalse();
  }

  @Test
  void everyExampleIsValid() {
    var problems = new ArrayList<String>();
    int examples = checkExamples(repository(contract.json()), contract.json(), "#", problems);

    assertThat(problems).isEmpty();
    assertThat(examples).isGreaterThan(7);
  }

  @Test
  void noticesAnExampleThatIsNot() {
    JsonObject wrong = contract.json().copy();
    wrong
        .getJsonObject("paths")
        .getJsonObject("/v1/workers")
        .getJsonObject("get")
        .getJsonObject("responses")
        .getJsonObject("200")
        .getJsonObject("content")
        .getJsonObject("application/json")
        .getJsonObject("examples")
        .getJsonObject("one")
        .getJsonObject("value")
        .getJsonArray("workers")
        .getJsonObject(0)
        .put("slots", "four");
    var problems = new ArrayList<String>();

    checkExamples(repository(wrong), wrong, "#", problems);

    assertThat(problems).hasSize(1);
  }

  /** Looks everywhere for a schema with examples beside it. */
  private static int checkExamples(
      SchemaRepository schemas, Object node, String place, List<String> problems) {
    int found = 0;
    if (node instanceof JsonObject object) {
      if (object.containsKey("schema")
          && object.getValue("examples") instanceof JsonObject examples) {
        for (String name : examples.fieldNames()) {
          OutputUnit result =
              validator(schemas, place + "/schema")
                  .validate(examples.getJsonObject(name).getValue("value"));
          if (!result.getValid()) {
            problems.add(place + " " + name + ": " + result.getErrors().getLast().getError());
          }
          found++;
        }
      }
      for (String field : object.fieldNames()) {
        found +=
            checkExamples(schemas, object.getValue(field), place + "/" + escaped(field), problems);
      }
    }
    return found;
  }

  /** Over a copy: the repository writes its own notes into what it is given. */
  private static SchemaRepository repository(JsonObject whole) {
    SchemaRepository repository =
        SchemaRepository.create(
            new JsonSchemaOptions()
                .setBaseUri("app://holdfast/")
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic));
    return repository.dereference("app://holdfast/contract", JsonSchema.of(whole.copy()));
  }

  private static Validator validator(SchemaRepository schemas, String pointer) {
    return schemas.validator(
        JsonSchema.of(new JsonObject().put("$ref", "app://holdfast/contract" + pointer)));
  }

  /** As the steps of a JSON pointer stand in a URI. */
  private static String escaped(String field) {
    return field.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D");
  }
}

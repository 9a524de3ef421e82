package dev.holdfast.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas and records say the same. */
class SchemaTest {
  static Stream<Published> unions() {
    return Published.unions();
  }

  static Stream<Arguments> members() {
    return Published.unions()
        .flatMap(family ->
            family.members().entrySet().stream()
                .map(member -> Arguments.of(family, member.getKey(), member.getValue())));
  }

  @ParameterizedTest
  @MethodSource("unions")
  void everyRecordOfAFamilyHasAName(Published family) {
    assertThat(family.members().values())
        .containsExactlyInAnyOrderElementsOf(family.permitted().toList());
  }

  @ParameterizedTest
  @MethodSource("unions")
  void everyRecordOfAFamilyHasAGoldenFileAndABranchOfTheSchema(Published family) {
    Set<String> branches = new TreeSet<>();
    for (JsonNode branch : definition(family.schema()).path("oneOf")) {
      branches.add(branch.path("$ref").asText().replace("#/$defs/", ""));
    }

    assertThat(branches).isEqualTo(new TreeSet<>(family.members().keySet()));
    assertThat(Golden.values().keySet())
        .containsAll(
            family.members().keySet().stream().map(type -> family.name() + "." + type).toList());
  }

  @ParameterizedTest
  @MethodSource("members")
  void aBranchHasTheFieldsOfItsRecord(Published family, String type, Class<?> member) {
    JsonNode branch = Schemas.tree(file(family.schema())).path("$defs").path(type);

    assertThat(branch.path("properties").path("type").path("const").asText()).isEqualTo(type);
    assertThat(names(branch.path("properties")))
        .isEqualTo(with("type", fields(member).map(RecordComponent::getName)));
    assertThat(required(branch))
        .isEqualTo(
            with(
                "type",
                fields(member).filter(SchemaTest::isRequired).map(RecordComponent::getName)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "identity",
        "job-spec",
        "job-command",
        "attempt",
        "worker-report",
        "job-event",
        "control",
        "cell-command",
        "cell-event",
        "order",
        "lease-record",
        "presence",
        "output-chunk"
      })
  void describesEveryField(String name) {
    List<String> silent = new ArrayList<>();

    collectSilent(name + ".schema.json", Schemas.tree(name + ".schema.json"), "", silent);

    assertThat(silent).as("fields without a description").isEmpty();
  }

  @Test
  void commandsAndSpecsRefuseUnknownFieldsAndNothingElseDoes() {
    assertThat(refusesUnknown("job-command")).containsOnly(true);
    assertThat(refusesUnknown("job-spec")).containsOnly(true);
    assertThat(refusesUnknown("cell-command")).containsOnly(true);
    assertThat(refusesUnknown("control")).containsOnly(true);
    assertThat(
            Stream.of(
                    "attempt",
                    "worker-report",
                    "job-event",
                    "cell-event",
                    "order",
                    "lease-record",
                    "presence")
                .flatMap(name -> refusesUnknown(name).stream()))
        .containsOnly(false);
  }

  private static List<Boolean> refusesUnknown(String name) {
    return Schemas.tree(name + ".schema.json").findParents("properties").stream()
        .filter(node -> node.path("type").asText().equals("object"))
        .map(node -> node.has("additionalProperties"))
        .toList();
  }

  private static void collectSilent(String file, JsonNode node, String path, List<String> silent) {
    for (var entry : node.properties()) {
      String here = path + "/" + entry.getKey();
      if (entry.getKey().equals("properties") && !path.contains("/oneOf")) {
        for (var field : entry.getValue().properties()) {
          if (!isDescribed(file, field.getValue())) {
            silent.add(here + "/" + field.getKey());
          }
        }
      }
      collectSilent(file, entry.getValue(), here, silent);
    }
    if (node.isArray()) {
      node.forEach(element -> collectSilent(file, element, path + "/-", silent));
    }
  }

  private static boolean isDescribed(String file, JsonNode field) {
    if (!field.path("description").asText().isBlank()) {
      return true;
    }
    String reference = field.path("$ref").asText();
    return !reference.isEmpty()
        && !definition(reference.startsWith("#") ? file + reference : reference)
            .path("description")
            .asText()
            .isBlank();
  }

  private static JsonNode definition(String schema) {
    int hash = schema.indexOf('#');
    JsonNode whole = Schemas.tree(file(schema));
    return hash < 0 ? whole : whole.at(schema.substring(hash + 1));
  }

  private static String file(String schema) {
    return schema.replaceFirst("#.*", "");
  }

  private static Stream<RecordComponent> fields(Class<?> member) {
    return Arrays.stream(member.getRecordComponents());
  }

  private static boolean isRequired(RecordComponent field) {
    return !field.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> required(JsonNode branch) {
    Set<String> names = new TreeSet<>();
    branch.path("required").forEach(name -> names.add(name.asText()));
    return names;
  }

  private static Set<String> with(String first, Stream<String> others) {
    return Stream.concat(Stream.of(first), others).collect(Collectors.toCollection(TreeSet::new));
  }
}

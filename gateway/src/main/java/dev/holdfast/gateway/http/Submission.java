package dev.holdfast.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.gateway.command.JobIds;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.codec.Json;
import dev.holdfast.schemas.codec.Serdes;
import dev.holdfast.schemas.job.JobId;
import dev.holdfast.schemas.job.JobSpec;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job as it is submitted: a spec, and an id from the client, from its key, or made here. */
record Submission(JobId id, JobSpec spec) {
  private static final ObjectReader TREE = Json.lenientReaderFor(JsonNode.class);
  private static final int MOST_KEY = 255;

  /**
   * Reads a body.
   *
   * @param random for an id that nobody chose
   * @throws InvalidField naming the field
   */
  static Submission read(byte[] body, @Nullable String key, Instant now, byte[] random) {
    if (!(Json.<JsonNode>read(TREE, body) instanceof ObjectNode object)) {
      throw new InvalidField("", "expected a JSON object");
    }
    JsonNode given = object.remove("id");
    JobSpec spec = Serdes.SPEC.read(Json.bytes(object));
    Optional<JobId> chosen = chosen(given);
    if (key == null) {
      return new Submission(chosen.orElseGet(() -> JobIds.at(now, random)), spec);
    }
    if (chosen.isPresent()) {
      throw new InvalidField("id", "give an id or the header Idempotency-Key, not both");
    }
    return new Submission(JobIds.ofKey(checked(key)), spec);
  }

  private static Optional<JobId> chosen(@Nullable JsonNode given) {
    if (given == null || given.isNull()) {
      return Optional.empty();
    }
    if (!given.isTextual()) {
      throw new InvalidField("id", "must be a string");
    }
    try {
      return Optional.of(new JobId(given.textValue()));
    } catch (InvalidField e) {
      throw new InvalidField("id", e.problem());
    }
  }

  private static String checked(String key) {
    if (key.isBlank() || key.length() > MOST_KEY) {
      throw new InvalidField("Idempotency-Key", "must be 1 to " + MOST_KEY + " characters");
    }
    return key;
  }
}

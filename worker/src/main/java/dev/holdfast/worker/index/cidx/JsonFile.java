package dev.holdfast.worker.index.cidx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Somebody else's JSON files. */
final class JsonFile {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonFile() {}

  /** The object in it; empty if there is no such file, or no object in it. */
  static Optional<JsonNode> read(Path file) throws IOException {
    try {
      JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
      return Optional.ofNullable(node).filter(JsonNode::isObject);
    } catch (NoSuchFileException | JsonProcessingException e) {
      return Optional.empty();
    }
  }
}

package dev.holdfast.worker.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** How a registry is entered. */
public record RegistryLogin(String username, String password) {

  /**
   * Reads a secret: {@code {"username": ..., "password": ...}} or {@code user:password}.
   *
   * @throws IllegalArgumentException if it is neither; the message does not repeat it
   */
  public static RegistryLogin parse(String secret) {
    String text = secret.strip();
    if (text.startsWith("{")) {
      return fromJson(text);
    }
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw neither();
    }
    return new RegistryLogin(text.substring(0, colon), text.substring(colon + 1));
  }

  private static RegistryLogin fromJson(String text) {
    try {
      JsonNode json = new ObjectMapper().readTree(text);
      JsonNode username = json.path("username");
      JsonNode password = json.path("password");
      if (username.isTextual() && password.isTextual()) {
        return new RegistryLogin(username.textValue(), password.textValue());
      }
    } catch (JsonProcessingException e) {
      // Its message may show part of the secret.
      throw neither();
    }
    throw neither();
  }

  private static IllegalArgumentException neither() {
    return new IllegalArgumentException(
        "it is neither {\"username\": ..., \"password\": ...} nor user:password");
  }

  @Override
  public String toString() {
    return "login of " + username;
  }
}

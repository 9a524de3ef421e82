package dev.holdfast.runtime.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads settings and collects what is wrong with them, so that one message tells everything. Used
 * once, while a configuration record is built; owned by one thread.
 */
public final class Settings {
  private static final String PREFIX = "HOLDFAST_";
  private static final Set<String> KNOWN =
      Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.toUnmodifiableSet());

  private final Map<String, String> values;
  private final List<String> problems = new ArrayList<>();
  private final Map<Setting, String> read = new EnumMap<>(Setting.class);

  private Settings(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /** Settings from a map such as the environment; keys without our prefix are ignored. */
  public static Settings of(Map<String, String> values) {
    return new Settings(values);
  }

  public String text(Setting setting) {
    String given = values.get(setting.key());
    String value = given == null || given.isBlank() ? setting.otherwise() : given.strip();
    read.put(setting, value);
    return value;
  }

  public Optional<String> optional(Setting setting) {
    return Optional.of(text(setting)).filter(value -> !value.isEmpty());
  }

  public Duration duration(Setting setting) {
    return parsed(setting, Durations::parse);
  }

  public int integer(Setting setting, int least, int most) {
    return (int) number(setting, least, most);
  }

  public long number(Setting setting, long least, long most) {
    return parsed(
        setting,
        text -> {
          long value;
          try {
            value = Long.parseLong(text);
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number, not '" + text + "'", e);
          }
          if (value < least || value > most) {
            throw new IllegalArgumentException(
                "must be from " + least + " to " + most + ", not " + value);
          }
          return value;
        });
  }

  public boolean flag(Setting setting) {
    return parsed(
        setting,
        text ->
            switch (text) {
              case "true" -> true;
              case "false", "" -> false;
              default ->
                  throw new IllegalArgumentException("must be true or false, not '" + text + "'");
            });
  }

  public Path path(Setting setting) {
    return Path.of(text(setting)).toAbsolutePath().normalize();
  }

  public Address address(Setting setting) {
    return parsed(setting, Address::parse);
  }

  /**
   * Notes a problem that only the configuration record itself can see, such as a broken relation.
   */
  public void problem(Setting setting, String problem) {
    problems.add(setting.key() + ": " + problem);
  }

  /**
   * Builds a configuration.
   *
   * @throws InvalidConfig with every problem, unknown keys included
   */
  public <T> T build(Supplier<T> config) {
    T built = config.get();
    values.keySet().stream()
        .filter(key -> key.startsWith(PREFIX) && !KNOWN.contains(key))
        .sorted()
        .forEach(key -> problems.add(key + ": is not a known setting"));
    if (!problems.isEmpty()) {
      throw new InvalidConfig(problems);
    }
    return built;
  }

  /** What was read, a line each, for the log. */
  public String effective() {
    return read.entrySet().stream()
        .map(entry -> entry.getKey().key() + "=" + entry.getValue())
        .collect(Collectors.joining("\n  ", "\n  ", ""));
  }

  /** A value that does not parse is noted, and the default stands in so that reading goes on. */
  private <T> T parsed(Setting setting, Function<String, T> parser) {
    try {
      return parser.apply(text(setting));
    } catch (IllegalArgumentException e) {
      problem(setting, String.valueOf(e.getMessage()));
      return standIn(setting, parser);
    }
  }

  /** Nothing can stand in for a setting without a default: what is known by now is told. */
  private <T> T standIn(Setting setting, Function<String, T> parser) {
    try {
      return parser.apply(setting.otherwise());
    } catch (IllegalArgumentException e) {
      throw new InvalidConfig(problems);
    }
  }
}

package dev.holdfast.coordinator.cell;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every input in every state, against what was meant. Each line of {@code transitions.txt} says for
 * some states what an input leads to; {@code others} are the states that no line of the input
 * names.
 */
class TransitionsTest {
  private static final Map<String, Map<Situation, String>> EXPECTED = read();

  @ParameterizedTest
  @EnumSource
  void leadsWhereItWasMeantTo(Stimulus input) {
    Map<Situation, String> expected = EXPECTED.getOrDefault(input.label(), Map.of());

    Map<Situation, String> found = new LinkedHashMap<>();
    for (Situation from : Situation.values()) {
      found.put(from, Transition.of(from, input).told());
    }

    assertThat(lines(found)).as(input.label()).isEqualTo(lines(expected));
  }

  @ParameterizedTest
  @EnumSource
  void everyStateIsReached(Situation situation) {
    assertThat(Situation.of(situation.reached().cell())).isEqualTo(situation);
  }

  @Test
  void everyLineIsAboutAnInputThatExists() {
    assertThat(EXPECTED.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Stimulus.values()).map(Stimulus::label).toList());
  }

  private static String lines(Map<Situation, String> told) {
    return Arrays.stream(Situation.values())
        .map(state -> state.label() + " -> " + told.get(state))
        .collect(joining("\n"));
  }

  private static Map<String, Map<Situation, String>> read() {
    Map<String, Map<Situation, String>> all = new HashMap<>();
    String input = "";
    for (String line : Fixture.lines("transitions.txt")) {
      if (line.startsWith("#") || line.isBlank()) {
        continue;
      }
      if (!line.startsWith(" ")) {
        input = line.strip();
        all.put(input, new HashMap<>());
        continue;
      }
      String[] sides = line.split("->", 2);
      Map<Situation, String> expected = all.get(input);
      for (Situation state : states(sides[0].strip(), expected.keySet())) {
        if (expected.put(state, sides[1].strip()) != null) {
          throw new IllegalArgumentException(input + ": two lines about " + state.label());
        }
      }
    }
    return all;
  }

  private static Set<Situation> states(String words, Set<Situation> named) {
    if (words.equals("others")) {
      Set<Situation> others = EnumSet.allOf(Situation.class);
      others.removeAll(named);
      return others;
    }
    Set<Situation> states = EnumSet.noneOf(Situation.class);
    Stream.of(words.split(" ")).map(TransitionsTest::group).forEach(states::addAll);
    return states;
  }

  private static Set<Situation> group(String word) {
    return Arrays.stream(Group.values())
        .filter(group -> group.label().equals(word))
        .map(Group::members)
        .findAny()
        .orElseGet(() -> Set.of(state(word)));
  }

  private static Situation state(String word) {
    return Arrays.stream(Situation.values())
        .filter(state -> state.label().equals(word))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no state is called " + word));
  }
}

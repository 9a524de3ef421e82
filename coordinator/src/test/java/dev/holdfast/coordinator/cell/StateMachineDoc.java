package dev.holdfast.coordinator.cell;

import static java.util.stream.Collectors.joining;

import dev.holdfast.schemas.job.JobState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Writes docs/state-machine.md by running the machine: every input in every state. */
final class StateMachineDoc {
  private static final String INTRODUCTION =
      """
      # The state machine of a job

      Generated from the code by `StateMachineDocTest`, which runs the cell machine on every input in every state. Do not
      edit; regenerate with

      ```
      %s
      ```

      Only the coordinator decides. Clients ask, the monitor proposes, workers report; each input is checked against the state
      that the job is in when its turn comes in the log, and the answer is a list of events (facts, on the events topic) and of
      effects (orders to workers, entries of the lease ledger). What is refused changes nothing and is told by a
      `command-rejected` or `report-refused` event where somebody may want to know.

      ## Life of a job

      ```mermaid
      %s
      ```

      Only a running job holds a lease, and has a phase and a health. A terminal state is never left.

      ## States

      These are the states that decisions tell apart, and names for groups of them.

      %s

      ## What each input does

      Where a table says nothing of a state, the input does nothing in it: no event, no effect, same state. No slot is free
      unless the input brings one: where a job goes back to the queue while one is free, `assigned`, `open lease` and `order
      assigned` follow at once.

      "Older" means overtaken: a token is older when the job has been assigned again since, a lease sequence when the lease has
      been renewed since. An attempt that lost its lease by either can have no effect.

      %s
      """;

  private StateMachineDoc() {}

  static String text(String command) {
    return INTRODUCTION.formatted(command, diagram().indent(0).strip(), states(), inputs());
  }

  private static String states() {
    return table(
        List.of("State", "Meaning", "Group"),
        Arrays.stream(Situation.values())
            .map(state ->
                List.of(
                    code(state.label()),
                    state.meaning(),
                    Group.of(state).map(StateMachineDoc::word).orElse("")))
            .toList());
  }

  private static String inputs() {
    Map<String, List<Stimulus>> byType = new LinkedHashMap<>();
    for (Stimulus input : Stimulus.values()) {
      byType.computeIfAbsent(type(input), type -> new ArrayList<>()).add(input);
    }
    return byType.entrySet().stream()
        .map(entry -> "### " + entry.getKey() + "\n\n" + versions(entry.getValue()))
        .collect(joining("\n\n"));
  }

  private static String versions(List<Stimulus> inputs) {
    List<List<String>> rows = new ArrayList<>();
    for (Stimulus input : inputs) {
      rows.addAll(rows(input));
    }
    return table(List.of("Input", "In state", "Becomes", "Events", "Effects"), rows);
  }

  /** States that an input treats alike share a row; those that it does nothing in have none. */
  private static List<List<String>> rows(Stimulus input) {
    Map<String, List<Transition>> alike = new LinkedHashMap<>();
    for (Situation from : Situation.values()) {
      Transition transition = Transition.of(from, input);
      if (!transition.isNothing()) {
        alike.computeIfAbsent(transition.told(), told -> new ArrayList<>()).add(transition);
      }
    }
    if (alike.isEmpty()) {
      return List.of(List.of(input.label(), "any", "same", "", ""));
    }
    List<List<String>> rows = new ArrayList<>();
    String name = input.label();
    for (List<Transition> group : alike.values()) {
      rows.add(row(name, group));
      name = "";
    }
    return rows;
  }

  private static List<String> row(String name, List<Transition> group) {
    Transition any = group.getFirst();
    String states = words(EnumSet.copyOf(group.stream().map(Transition::from).toList()));
    String next = any.to() == any.from() ? "same" : code(any.to().label());
    return List.of(
        name, states, next, list(any.events(), event -> code(event)), list(any.effects(), e -> e));
  }

  /** Groups that are there as a whole by name, the other states one by one. */
  private static String words(Set<Situation> states) {
    if (states.size() == Situation.values().length) {
      return "any";
    }
    Set<String> words = new LinkedHashSet<>();
    for (Situation state : states) {
      words.add(
          Group.of(state)
              .filter(group -> states.containsAll(group.members()))
              .map(StateMachineDoc::word)
              .orElse(code(state.label())));
    }
    return String.join(", ", words);
  }

  /**
   * Mermaid: one arrow for each way from one public state to another, with the event that goes it.
   */
  private static String diagram() {
    Map<String, Set<String>> arrows = new LinkedHashMap<>();
    Map<JobState, Set<String>> loops = new LinkedHashMap<>();
    for (Situation from : Situation.values()) {
      for (Stimulus input : Stimulus.values()) {
        Transition transition = Transition.of(from, input);
        for (String event : changes(transition)) {
          String arrow = from.state() + " --> " + transition.to().state();
          if (from == Situation.UNKNOWN || from.state() != transition.to().state()) {
            arrows.computeIfAbsent(arrow, key -> new LinkedHashSet<>()).add(event);
          } else {
            loops.computeIfAbsent(from.state(), key -> new LinkedHashSet<>()).add(event);
          }
        }
      }
    }
    Stream<String> between =
        arrows.entrySet().stream().map(e -> e.getKey() + ": " + String.join(", ", e.getValue()));
    Stream<String> within =
        loops.entrySet().stream()
            .map(e -> e.getKey() + " --> " + e.getKey() + ": " + String.join(", ", e.getValue()));
    Stream<String> last =
        Arrays.stream(JobState.values())
            .filter(JobState::terminal)
            .map(state -> state + " --> [*]");
    return Stream.of(between, within, last)
        .flatMap(Function.identity())
        .map(line -> "    " + line.replace("null", "[*]"))
        .collect(joining("\n", "stateDiagram-v2\n", "\n"));
  }

  private static List<String> changes(Transition transition) {
    return transition.events().stream()
        .filter(event -> !event.startsWith("command-rejected") && !event.startsWith("report-"))
        .map(event -> event.replaceFirst("^(ended|health-changed|phase-entered)\\(.*", "$1"))
        .toList();
  }

  private static String type(Stimulus input) {
    return input.label().replaceFirst(",.*", "");
  }

  private static <T> String list(List<T> items, Function<T, String> word) {
    return items.stream().map(word).collect(joining(", "));
  }

  private static String word(Group group) {
    return "*" + group.label() + "*";
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String table(List<String> head, List<List<String>> rows) {
    String rule = "|---".repeat(head.size()) + "|";
    return Stream.concat(
            Stream.of("| " + String.join(" | ", head) + " |", rule),
            rows.stream()
                .map(row -> ("| " + String.join(" | ", row) + " |").replace("|  |", "| |")))
        .map(line -> line.replace("|  |", "| |"))
        .collect(joining("\n"));
  }
}

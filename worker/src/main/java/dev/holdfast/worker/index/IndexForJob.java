package dev.holdfast.worker.index;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a job that asked for an index gets. */
public sealed interface IndexForJob {

  /**
   * It can search.
   *
   * @param variables where the index is and how to search it
   * @param notes what had to be done for it
   */
  record Ready(Map<String, String> variables, List<String> notes) implements IndexForJob {
    public Ready {
      variables = Map.copyOf(variables);
      notes = List.copyOf(notes);
    }
  }

  /** It has to do without. */
  record None(String why) implements IndexForJob {}

  /** What the job's environment says of it. */
  default SortedMap<String, String> environment() {
    var env = new TreeMap<String, String>();
    switch (this) {
      case Ready(Map<String, String> variables, List<String> notes) -> {
        env.putAll(variables);
        env.put("HOLDFAST_INDEX_STATE", "ready");
        env.put("HOLDFAST_INDEX_NOTE", String.join("; ", notes));
      }
      case None(String why) -> {
        env.put("HOLDFAST_INDEX_STATE", "none");
        env.put("HOLDFAST_INDEX_NOTE", why);
      }
    }
    return env;
  }
}

package dev.holdfast.worker.index.cidx;

import java.time.Duration;
import java.util.List;

/** What may mend an index. */
enum Remedy {
  /** Corrects paths and syntax of the settings; needed after every copy. */
  FIX_CONFIG(Duration.ofMinutes(2), "fix-config", "--force"),
  /** Begins anew with the settings alone. */
  INIT(Duration.ofMinutes(2), "init"),
  /** Goes on with an interrupted run; embeds what is missing. */
  RESUME(Duration.ofHours(3), "index"),
  /** Compares files and index; embeds what differs. */
  RECONCILE(Duration.ofHours(3), "index", "--reconcile"),
  /** Makes the search graph and the list of ids from the vectors; embeds nothing. */
  REBUILD_GRAPH(Duration.ofMinutes(30), "index", "--rebuild-index"),
  /** Makes the full-text index from the files; embeds nothing. */
  REBUILD_FULL_TEXT(Duration.ofMinutes(30), "index", "--rebuild-fts-index"),
  /** Removes what the search for meaning does not need. */
  LEAVE_OUT(Duration.ZERO),
  /** Embeds everything again, which costs time and money. */
  RE_EMBED(Duration.ofHours(3), "index", "--clear");

  private final Duration atMost;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> arguments;

  Remedy(Duration atMost, String... arguments) {
    this.atMost = atMost;
    this.arguments = List.of(arguments);
  }

  Duration atMost() {
    return atMost;
  }

  /** Of the program; none for what is done without it. */
  List<String> arguments() {
    return arguments;
  }
}

package dev.holdfast.worker.index.lucene;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.holdfast.worker.index.lucene.LuceneSearch.Question;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a job runs as {@code $HOLDFAST_SEARCH}. */
@Command(
    name = "holdfast-search",
    mixinStandardHelpOptions = true,
    description = "Searches the code index of this job's commit; prints path:line:text.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:something was found", "1:nothing was found", "2:wrong use", "3:no index"})
public final class SearchCommand implements Callable<Integer> {
  private static final int FOUND = 0;
  private static final int NOTHING_FOUND = 1;
  private static final int NO_INDEX = 3;

  @Parameters(
      arity = "1..*",
      paramLabel = "WORD",
      description = "all must be in a file; also \"a phrase\", begin*, -not, this | that")
  private List<String> words = List.of();

  @Option(
      names = "--limit",
      paramLabel = "LINES",
      description = "at most so many; ${DEFAULT-VALUE}")
  private int limit = 50;

  @Option(
      names = "--path",
      description = "only files whose path begins so, or matches if there is a * in it")
  private @Nullable String path;

  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Option(names = "--index", paramLabel = "DIRECTORY", defaultValue = "${env:HOLDFAST_INDEX}")
  private @Nullable Path index;

  @Spec private @Nullable CommandSpec spec;

  private SearchCommand() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    // Words such as -not are not options.
    return new CommandLine(new SearchCommand())
        .setUnmatchedOptionsArePositionalParams(true)
        .execute(arguments);
  }

  @Override
  public Integer call() {
    CommandLine line = java.util.Objects.requireNonNull(spec).commandLine();
    if (index == null || !Files.isDirectory(index)) {
      String note = Optional.ofNullable(System.getenv("HOLDFAST_INDEX_NOTE")).orElse("");
      line.getErr()
          .printf(
              "holdfast-search: there is no index%s. Search the files themselves, with grep.%n",
              index == null ? (note.isEmpty() ? "" : ": " + note) : " in " + index);
      return NO_INDEX;
    }
    if (limit < 1) {
      line.getErr().printf("holdfast-search: --limit must be 1 or more, was %d%n", limit);
      return CommandLine.ExitCode.USAGE;
    }
    try {
      var search = new LuceneSearch(index, WorkTree.around(Path.of("")));
      var question = new Question(String.join(" ", words), Optional.ofNullable(path), limit);
      return print(search.find(question), line);
    } catch (IOException | IllegalArgumentException e) {
      line.getErr()
          .printf(
              "holdfast-search: the index in %s cannot be read (%s)."
                  + " Search the files themselves, with grep.%n",
              index, e.getMessage());
      return NO_INDEX;
    }
  }

  private int print(List<Hit> hits, CommandLine line) throws IOException {
    PrintWriter out = line.getOut();
    for (Hit hit : hits) {
      out.println(json ? json(hit) : hit.path() + ":" + hit.line() + ":" + hit.text());
    }
    out.flush();
    List<String> changed = hits.stream().filter(Hit::changed).map(Hit::path).distinct().toList();
    if (!changed.isEmpty()) {
      line.getErr()
          .printf(
              "holdfast-search: changed since the index was made, look at the files: %s%n",
              String.join(", ", changed));
    }
    return hits.isEmpty() ? NOTHING_FOUND : FOUND;
  }

  private static String json(Hit hit) throws IOException {
    var text = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
      generator.writeStartObject();
      generator.writeStringField("path", hit.path());
      generator.writeNumberField("line", hit.line());
      generator.writeStringField("text", hit.text());
      generator.writeBooleanField("changed", hit.changed());
      generator.writeEndObject();
    }
    return text.toString();
  }
}

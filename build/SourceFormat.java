import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Holds every Java source of the repository against google-java-format, or formats it in place.
 *
 * <p>Run by Maven from its source file on the toolchain's JDK: the formatter parses with the JDK it
 * runs on, and Maven itself may run on one too old for our language level. One JVM serves all
 * modules, because starting it costs more than formatting them.
 */
final class SourceFormat {

  private SourceFormat() {}

  /** Arguments: the repository's root, then {@code check} or {@code write}. */
  public static void main(String[] args) throws IOException {
    var root = Path.of(args[0]).toRealPath();
    var sources = javaSources(root);
    var exit =
        switch (args[1]) {
          case "check" -> check(root, sources);
          case "write" -> format(List.of("--replace"), sources, new PrintWriter(System.out));
          default ->
              throw new IllegalArgumentException(
                  "Expected the action check or write, found " + args[1]);
        };
    System.exit(exit);
  }

  private static int check(Path root, List<String> sources) {
    var unformatted = new StringWriter();
    var exit =
        format(
            List.of("--dry-run", "--set-exit-if-changed"), sources, new PrintWriter(unformatted));
    if (exit != 0) {
      System.err.println("These files are not in google-java-format:");
      unformatted
          .toString()
          .lines()
          .map(file -> "  " + root.relativize(Path.of(file)))
          .forEach(System.err::println);
      System.err.println("Format them with: mvn -q -Pformat validate");
    }
    return exit;
  }

  private static int format(List<String> options, List<String> sources, PrintWriter out) {
    var formatter =
        ToolProvider.findFirst("google-java-format")
            .orElseThrow(
                () -> new IllegalStateException("No google-java-format on the class path"));
    var arguments = Stream.concat(options.stream(), sources.stream()).toArray(String[]::new);
    var exit = formatter.run(out, new PrintWriter(System.err, true), arguments);
    out.flush();
    return exit;
  }

  private static List<String> javaSources(Path root) throws IOException {
    var sources = new ArrayList<String>();
    try (var modules = Files.list(root)) {
      for (var module : modules.sorted().toList()) {
        sources.addAll(javaFilesBelow(module.resolve("src/main/java")));
        sources.addAll(javaFilesBelow(module.resolve("src/test/java")));
      }
    }
    sources.add(root.resolve("build/SourceFormat.java").toString());
    return sources;
  }

  private static List<String> javaFilesBelow(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.walk(folder)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".java")).sorted().toList();
    }
  }
}

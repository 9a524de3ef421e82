package dev.holdfast.worker.index.lucene;

import com.fasterxml.jackson.core.JsonFactory;
import dev.holdfast.runtime.file.AtomicFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;
import org.apache.lucene.queryparser.simple.SimpleQueryParser;
import org.apache.lucene.search.IndexSearcher;
import picocli.CommandLine;

/**
 * The script with which jobs search. Written anew by every worker that starts, so that a job which
 * outlived an upgrade does not look for the jars of the version before.
 */
public final class SearchScript {
  /** In whose jars there is all that a search needs; few jars make a quick start. */
  private static final List<Class<?>> NEEDED =
      List.of(
          SearchCommand.class,
          CommandLine.class,
          JsonFactory.class,
          IndexSearcher.class,
          WordDelimiterGraphFilter.class,
          SimpleQueryParser.class);

  private static final String TEXT =
      """
      #!/bin/sh
      # Searches the code index of a Holdfast job: holdfast-search WORD...
      java=%s
      if [ ! -x "$java" ]; then
        echo "holdfast-search: no Java at $java, as in a container. Search the files themselves, with grep." >&2
        exit 3
      fi
      exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 \\
        -Dstderr.encoding=UTF-8 -cp %s %s "$@"
      """;

  private final Path script;
  private boolean written;

  /** To be written into this directory. */
  public SearchScript(Path directory) {
    this.script = directory.toAbsolutePath().resolve("holdfast-search");
  }

  /** The script, which this worker has written. */
  public synchronized Path written() throws IOException {
    if (!written) {
      write();
      written = true;
    }
    return script;
  }

  private void write() throws IOException {
    Files.createDirectories(script.getParent());
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String text =
        TEXT.formatted(quoted(java.toString()), quoted(classPath()), SearchCommand.class.getName());
    AtomicFile.write(script, text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String classPath() {
    return NEEDED.stream()
        .map(SearchScript::place)
        .distinct()
        .map(Path::toString)
        .collect(Collectors.joining(":"));
  }

  private static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toAbsolutePath();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the class path holds no path: " + type, e);
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}

package dev.holdfast.gateway.view;

import dev.holdfast.gateway.log.LogIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * One SQLite file with a view in it, and its place in the log that it was folded from.
 *
 * <p>One thread writes (the tail's), many read over connections of their own. Kill -9 costs nothing
 * that was committed; a power cut may cost the newest transactions, offset included, so they are
 * folded again. A damaged file is set aside and an empty one takes its place.
 */
public final class ViewFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ViewFile.class);
  private static final Set<Integer> DAMAGE =
      Set.of(SQLiteErrorCode.SQLITE_CORRUPT.code, SQLiteErrorCode.SQLITE_NOTADB.code);

  private final Path path;
  private final ViewSchema schema;

  private volatile ViewConnections connections;
  private volatile boolean intact = true;

  private ViewFile(Path path, ViewSchema schema, ViewConnections connections) {
    this.path = path;
    this.schema = schema;
    this.connections = connections;
  }

  /** Opens the file; makes it if it is missing, sets it aside first if it cannot be used. */
  public static ViewFile open(Path path, ViewSchema schema) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      return new ViewFile(path, schema, ViewConnections.open(path, schema));
    } catch (SQLException e) {
      log.warn("{} cannot be used ({}): it is set aside and built anew", path, e.getMessage());
      return new ViewFile(path, schema, anew(path, schema));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory of " + path, e);
    }
  }

  /** Reads a consistent state. */
  public <T> T read(SqlWork<T> work) {
    try {
      return connections.read(work);
    } catch (SQLException e) {
      throw failed("read", e);
    }
  }

  /** Changes rows, all or none of them. Called by one thread. */
  public <T> T write(SqlWork<T> work) {
    try {
      return connections.write(work);
    } catch (SQLException e) {
      throw failed("write", e);
    }
  }

  /** The log that it was folded from. Whoever asks goes on from there, so damage before is over. */
  public Optional<LogIdentity> identity() {
    intact = true;
    return read(Checkpoint::identity);
  }

  public Map<Integer, Long> positions() {
    return read(Checkpoint::positions);
  }

  /** False once damage has emptied it. */
  public boolean intact() {
    return intact;
  }

  /** Empties it, for another log. */
  public void reset(LogIdentity identity) {
    write(connection -> {
      for (String table : schema.tables()) {
        ViewConnections.run(connection, "DELETE FROM " + table);
      }
      Checkpoint.reset(connection, identity);
      return true;
    });
  }

  @Override
  public void close() {
    connections.close();
  }

  private ViewUnavailable failed(String what, SQLException e) {
    if (DAMAGE.contains(e.getErrorCode() & 0xff)) {
      replace(connections, e);
    }
    return new ViewUnavailable("cannot " + what + " " + path + ": " + e.getMessage(), e);
  }

  /** The connections tell whether somebody else has replaced the file meanwhile. */
  private synchronized void replace(ViewConnections damaged, SQLException why) {
    if (connections == damaged) {
      log.warn("{} is damaged ({}): it is set aside and built anew", path, why.getMessage());
      damaged.close();
      connections = anew(path, schema);
      intact = false;
    }
  }

  private static ViewConnections anew(Path path, ViewSchema schema) {
    try {
      for (String suffix : List.of("", "-wal", "-shm")) {
        Path file = Path.of(path + suffix);
        try {
          Files.move(file, Path.of(path + ".aside" + suffix), StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
          log.debug("{} is not there to be set aside", file);
        }
      }
      return ViewConnections.open(path, schema);
    } catch (IOException | SQLException e) {
      throw new ViewUnavailable("cannot make " + path + ": " + e.getMessage(), e);
    }
  }
}

package dev.holdfast.gateway.view;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open connections to one state of a view file: one that writes, a few that only read. */
final class ViewConnections implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ViewConnections.class);
  private static final int READERS = 4;
  private static final long PATIENCE_S = 10;

  private final Connection writer;
  private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);
  private volatile boolean closed;

  private ViewConnections(Connection writer) {
    this.writer = writer;
  }

  static ViewConnections open(Path path, ViewSchema schema) throws SQLException {
    Connection writer = connect(path);
    var opened = new ViewConnections(writer);
    try {
      run(writer, "PRAGMA journal_mode = WAL");
      run(writer, "PRAGMA synchronous = NORMAL");
      run(writer, "PRAGMA cache_size = -16000");
      writer.setAutoCommit(false);
      Checkpoint.prepare(writer, schema);
      writer.commit();
      for (int i = 0; i < READERS; i++) {
        Connection reader = connect(path);
        opened.readers.add(reader);
        run(reader, "PRAGMA query_only = 1");
        reader.setAutoCommit(false);
      }
      return opened;
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
  }

  <T> T write(SqlWork<T> work) throws SQLException {
    return transaction(writer, work);
  }

  <T> T read(SqlWork<T> work) throws SQLException {
    Connection reader = borrow();
    try {
      return transaction(reader, work);
    } finally {
      giveBack(reader);
    }
  }

  private static <T> T transaction(Connection connection, SqlWork<T> work) throws SQLException {
    boolean done = false;
    try {
      T result = work.with(connection);
      connection.commit();
      done = true;
      return result;
    } finally {
      if (!done) {
        connection.rollback();
      }
    }
  }

  private Connection borrow() throws SQLException {
    try {
      Connection reader = readers.poll(PATIENCE_S, TimeUnit.SECONDS);
      if (reader == null) {
        throw new SQLException("no connection became free within " + PATIENCE_S + " s");
      }
      return reader;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for a connection", e);
    }
  }

  private void giveBack(Connection reader) {
    if (closed) {
      closeQuietly(reader);
    } else {
      readers.add(reader);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Connection reader = readers.poll(); reader != null; reader = readers.poll()) {
      closeQuietly(reader);
    }
    closeQuietly(writer);
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(Path path) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
    run(connection, "PRAGMA busy_timeout = 5000");
    return connection;
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("a connection did not close: {}", e.getMessage());
    }
  }
}

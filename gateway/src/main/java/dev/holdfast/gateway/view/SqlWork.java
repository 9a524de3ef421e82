package dev.holdfast.gateway.view;

import java.sql.Connection;
import java.sql.SQLException;

/** Something done with a connection, inside one transaction. */
@FunctionalInterface
public interface SqlWork<T> {
  T with(Connection connection) throws SQLException;
}

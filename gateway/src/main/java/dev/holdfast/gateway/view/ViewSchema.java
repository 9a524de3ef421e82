package dev.holdfast.gateway.view;

import java.util.List;

/**
 * The tables of one view file.
 *
 * @param version raised with every change; a file of another version is set aside
 * @param tables names, so that all can be emptied
 * @param ddl one statement each
 */
public record ViewSchema(int version, List<String> tables, List<String> ddl) {
  public ViewSchema {
    tables = List.copyOf(tables);
    ddl = List.copyOf(ddl);
  }
}

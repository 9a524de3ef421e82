package dev.holdfast.drill.absence;

import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One paired cell for all test classes that name this extension; each leaves both of it alive. */
final class SharedPair implements ParameterResolver {
  private static final int WORKERS = 2;
  private static final int SLOTS = 16;

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PairedCell.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedPair.class))
        .computeIfAbsent(PairedCell.class, type -> start(), PairedCell.class);
  }

  private static PairedCell start() {
    try {
      return PairedCell.start(
          Files.createTempDirectory("holdfast-pair").toRealPath(), WORKERS, SLOTS);
    } catch (Exception e) {
      throw new IllegalStateException("the paired cell did not start", e);
    }
  }
}

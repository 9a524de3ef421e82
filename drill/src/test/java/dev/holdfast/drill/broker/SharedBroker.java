package dev.holdfast.drill.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One broker for all test classes that name this extension; each keeps to cells of its own. */
final class SharedBroker implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestBroker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedBroker.class))
        .computeIfAbsent(TestBroker.class, type -> start(), TestBroker.class);
  }

  private static TestBroker start() {
    try {
      return TestBroker.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.holdfast.worker.agentfiles;

import java.nio.file.Path;

/** A JVM that lays a bundle, to be killed while it does. */
final class Child {
  private Child() {}

  /** Arguments: directory of bundles, bundle, workspace, journal. Says each step. */
  public static void main(String[] args) throws Exception {
    new AgentFiles(
            Path.of(args[0]),
            step -> {
              System.out.println(step);
              System.out.flush();
            })
        .lay(args[1], Path.of(args[2]), Path.of(args[3]));
  }
}

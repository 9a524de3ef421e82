package dev.holdfast.standalone.broker;

import dev.holdfast.standalone.supervise.ChildSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A broker in a JVM of its own, for tests that kill it. */
final class BrokerProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private BrokerProcess(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  public static void main(String[] args) {
    BrokerRole.run(BrokerConfig.in(Path.of(args[0])).withPort(Integer.parseInt(args[1])));
  }

  static BrokerProcess start(Path dir, int port) throws IOException {
    ChildSpec spec =
        ChildSpec.jvm(
            "broker",
            BrokerRole.jvmFlags(),
            BrokerProcess.class.getName(),
            List.of(dir.toString(), Integer.toString(port)));
    return new BrokerProcess(new ProcessBuilder(spec.command()).redirectErrorStream(true).start());
  }

  /** Reads output until a line with the text; fails when the output ends before. */
  String awaitLine(String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.append(line).append('\n');
      if (line.contains(text)) {
        return line;
      }
    }
    throw new AssertionError("Broker ended without '" + text + "', its output:\n" + seen);
  }

  Process process() {
    return process;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}

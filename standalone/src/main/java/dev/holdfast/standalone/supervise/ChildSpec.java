package dev.holdfast.standalone.supervise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What to run under a name.
 *
 * @param name names the pid file, the log file and the process's {@code HOLDFAST_ROLE}
 * @param command program and arguments, taken literally
 * @param environment added to the supervisor's own
 * @param ready tells when the child serves
 * @param stopWithin time between TERM and KILL when the child is stopped
 */
public record ChildSpec(
    String name,
    List<String> command,
    Map<String, String> environment,
    ReadinessProbe ready,
    Duration stopWithin) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
  private static final Duration DEFAULT_STOP_WITHIN = Duration.ofSeconds(10);

  public ChildSpec {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A child's name is lower-case letters, digits and dashes, found '" + name + "'");
    }
    if (command.isEmpty()) {
      throw new IllegalArgumentException("Child " + name + " needs a command, found none");
    }
    if (stopWithin.isNegative()) {
      throw new IllegalArgumentException(
          "Child " + name + " cannot be stopped within a negative time, found " + stopWithin);
    }
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** A child that runs a main class of this JVM's own class path on this JVM's own JDK. */
  public static ChildSpec jvm(
      String name, List<String> jvmFlags, String mainClass, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(args);
    return new ChildSpec(name, command, Map.of(), ReadinessProbe.running(), DEFAULT_STOP_WITHIN);
  }

  /**
   * What the child is told to do, without how its JVM is started: a cache that makes starts faster,
   * or another class path, is no reason to end a process that lives.
   */
  List<String> told() {
    int classPath = command.indexOf("-cp");
    return classPath < 0 ? command : command.subList(classPath + 2, command.size());
  }

  public ChildSpec readyWhen(ReadinessProbe probe) {
    return new ChildSpec(name, command, environment, probe, stopWithin);
  }

  public ChildSpec stoppedWithin(Duration bound) {
    return new ChildSpec(name, command, environment, ready, bound);
  }

  public ChildSpec withEnvironment(Map<String, String> added) {
    return new ChildSpec(name, command, added, ready, stopWithin);
  }
}

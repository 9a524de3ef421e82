package dev.holdfast.schemas.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.schemas.InvalidField;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.lease.Liveness;
import dev.holdfast.schemas.topic.RecordSize;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a job is to do. Either a {@code command} (a process) or a {@code handler} (code in the
 * worker's JVM) is given, never both; the rest is optional.
 *
 * @param command argument vector, run without a shell; empty when a handler is named
 * @param handler name of a {@code JobHandler}; null when a command is given
 * @param repository cloned into the job's working directory; null for an empty directory
 * @param env added to the job's environment; names with the prefix HOLDFAST_ are reserved
 * @param labels for whoever lists jobs
 * @param priority 0 (last) to 9 (first); 5 if left out
 * @param timeouts none if left out
 * @param liveness the cell's default if null
 * @param files contents by name: laid into {@code $HOLDFAST_FILES} before the command starts
 * @param secrets that the command needs
 * @param limits none if null
 * @param container that the command runs in; null to run it on the worker's machine itself
 * @param onLostLease freeze if null
 * @param finisher for a command that does not leave by itself; null for none
 * @param checkpoint whether there is a checkpoint directory; null for none
 * @param agentFiles name of a bundle of agent files to be laid into the workspace; null for none
 * @param scheduling when and where it may run; null for anywhere, at once
 * @param locks that it holds while it runs
 * @param retry whether it is tried again when it does not succeed; null for never
 * @param quota how the command says that its account's limit is reached; null if it has none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JobSpec(
    List<String> command,
    @Nullable String handler,
    @Nullable RepositoryRef repository,
    SortedMap<String, String> env,
    SortedMap<String, String> labels,
    Integer priority,
    Timeouts timeouts,
    @Nullable Liveness liveness,
    SortedMap<String, String> files,
    List<SecretUse> secrets,
    @Nullable ResourceLimits limits,
    @Nullable ContainerSpec container,
    @Nullable OnLostLease onLostLease,
    @Nullable Finisher finisher,
    @Nullable Checkpointing checkpoint,
    @Nullable String agentFiles,
    @Nullable Scheduling scheduling,
    List<LockWish> locks,
    @Nullable RetryPolicy retry,
    @Nullable QuotaRule quota) {

  public static final int DEFAULT_PRIORITY = 5;

  /** How the names of repositories' locks begin. */
  public static final String REPOSITORY_LOCK = "repository:";

  private static final int MOST_LOCKS = 16;

  /** Linux refuses a single argument or environment entry above 128 KiB. */
  private static final int MOST_ARGUMENT_BYTES = 131_000;

  /**
   * Of all parts that have no small limit of their own, as JSON: a spec travels inside events and
   * orders, each a record of at most {@link RecordSize#MOST_BYTES}.
   */
  private static final int MOST_BYTES = 512 * 1024;

  private static final int MOST_SECRETS = 64;

  /** The object around a secret's name and variable. */
  private static final int SECRET_FRAME_BYTES = "{\"name\":,\"env\":},".length();

  private static final int MOST_LABELS = 64;

  private static final Pattern ENV_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");

  /** With none of what few jobs need. */
  public JobSpec(
      List<String> command,
      @Nullable String handler,
      @Nullable RepositoryRef repository,
      SortedMap<String, String> env,
      SortedMap<String, String> labels,
      Integer priority,
      Timeouts timeouts,
      @Nullable Liveness liveness) {
    this(
        command,
        handler,
        repository,
        env,
        labels,
        priority,
        timeouts,
        liveness,
        new TreeMap<>(),
        List.of(),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** That is scheduled like any other: no locks, no retries. */
  public JobSpec(
      List<String> command,
      @Nullable String handler,
      @Nullable RepositoryRef repository,
      SortedMap<String, String> env,
      SortedMap<String, String> labels,
      Integer priority,
      Timeouts timeouts,
      @Nullable Liveness liveness,
      SortedMap<String, String> files,
      List<SecretUse> secrets,
      @Nullable ResourceLimits limits,
      @Nullable ContainerSpec container,
      @Nullable OnLostLease onLostLease,
      @Nullable Finisher finisher,
      @Nullable Checkpointing checkpoint,
      @Nullable String agentFiles) {
    this(
        command,
        handler,
        repository,
        env,
        labels,
        priority,
        timeouts,
        liveness,
        files,
        secrets,
        limits,
        container,
        onLostLease,
        finisher,
        checkpoint,
        agentFiles,
        null,
        List.of(),
        null,
        null);
  }

  public JobSpec {
    command = command == null ? List.of() : copyOf("command", command);
    env = env == null ? new TreeMap<>() : new TreeMap<>(env);
    labels = labels == null ? new TreeMap<>() : new TreeMap<>(labels);
    priority = priority == null ? DEFAULT_PRIORITY : priority;
    timeouts = timeouts == null ? Timeouts.NONE : timeouts;
    files = files == null ? new TreeMap<>() : new TreeMap<>(files);
    secrets = secrets == null ? List.of() : List.copyOf(secrets);
    locks = locks == null ? List.of() : List.copyOf(locks);
    if (command.isEmpty() == (handler == null)) {
      throw new InvalidField(
          "command",
          command.isEmpty()
              ? "give a command (an array of strings) or a handler"
              : "give a command or a handler, not both");
    }
    if (handler != null) {
      Require.id("handler", handler);
    }
    if (!command.isEmpty() && command.getFirst().isBlank()) {
      throw new InvalidField("command[0]", "must name a program");
    }
    long bytes =
        checkArguments(command)
            + checkEnv(env)
            + checkFiles(files)
            + checkSecrets(secrets, env)
            + checkLabels(labels);
    if (bytes > MOST_BYTES) {
      throw new InvalidField(
          "command",
          "command, env, files, secrets and labels must be at most "
              + MOST_BYTES
              + " bytes of JSON together; keep larger input in the repository");
    }
    if (handler != null) {
      refuseWithHandler("secrets", secrets.isEmpty() ? null : secrets);
      refuseWithHandler("container", container);
      refuseWithHandler("limits", limits);
      refuseWithHandler("finisher", finisher);
      refuseWithHandler("checkpoint", checkpoint);
      refuseWithHandler("agentFiles", agentFiles);
      refuseWithHandler("quota", quota);
    }
    if (agentFiles != null) {
      Require.id("agentFiles", agentFiles);
    }
    boolean exclusive = scheduling != null && Boolean.TRUE.equals(scheduling.exclusive());
    checkLocks(exclusive, repository, locks);
    if (onLostLease == OnLostLease.CONTINUE && (exclusive || !locks.isEmpty())) {
      throw new InvalidField(
          "onLostLease", "must not be continue for a job that holds locks: others may get them");
    }
    Require.between("priority", 0, 9, priority);
    env = java.util.Collections.unmodifiableSortedMap(env);
    labels = java.util.Collections.unmodifiableSortedMap(labels);
    files = java.util.Collections.unmodifiableSortedMap(files);
  }

  /** The same job with the liveness that the cell decided on. */
  public JobSpec withLiveness(Liveness decided) {
    return new JobSpec(
        command,
        handler,
        repository,
        env,
        labels,
        priority,
        timeouts,
        decided,
        files,
        secrets,
        limits,
        container,
        onLostLease,
        finisher,
        checkpoint,
        agentFiles,
        scheduling,
        locks,
        retry,
        quota);
  }

  /** When and where it may run. */
  public Scheduling schedulingOrNone() {
    return scheduling == null ? Scheduling.NONE : scheduling;
  }

  /** All locks that the job needs, that of its repository included, each name once. */
  public List<LockWish> allLocks() {
    if (repository == null || !Boolean.TRUE.equals(schedulingOrNone().exclusive())) {
      return locks;
    }
    var all = new ArrayList<>(locks);
    all.add(new LockWish(REPOSITORY_LOCK + repository.url(), 1));
    return List.copyOf(all);
  }

  private static List<String> copyOf(String field, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      Require.present(field + "[" + i + "]", values.get(i));
    }
    return List.copyOf(values);
  }

  private static long checkArguments(List<String> command) {
    long total = 0;
    for (int i = 0; i < command.size(); i++) {
      total += checkText("command[" + i + "]", command.get(i));
    }
    return total;
  }

  private static long checkEnv(Map<String, String> env) {
    long total = 0;
    for (var entry : env.entrySet()) {
      String field = "env." + entry.getKey();
      if (!ENV_NAME.matcher(entry.getKey()).matches()) {
        throw new InvalidField(
            field, "names are letters, digits and '_', not starting with a digit");
      }
      if (entry.getKey().startsWith("HOLDFAST_")) {
        throw new InvalidField(field, "names starting with HOLDFAST_ are reserved");
      }
      total += checkText(field, entry.getKey());
      total += checkText(field, Require.present(field, entry.getValue()));
    }
    return total;
  }

  private static long checkFiles(Map<String, String> files) {
    long total = 0;
    for (var file : files.entrySet()) {
      String field = "files." + file.getKey();
      Require.id(field, file.getKey());
      total += jsonBytes(file.getKey()) + jsonBytes(Require.present(field, file.getValue()));
    }
    return total;
  }

  private static long checkSecrets(List<SecretUse> secrets, Map<String, String> env) {
    requireAtMost("secrets", MOST_SECRETS, secrets.size());
    long total = 0;
    var variables = new HashSet<>(env.keySet());
    var names = new HashSet<String>();
    for (int i = 0; i < secrets.size(); i++) {
      SecretUse use = secrets.get(i);
      String field = "secrets[" + i + "]";
      if (use.env() == null ? !names.add(use.name()) : !variables.add(use.env())) {
        throw new InvalidField(
            field,
            use.env() == null
                ? "names the file " + use.name() + " a second time"
                : "sets the variable " + use.env() + " a second time");
      }
      total += SECRET_FRAME_BYTES + jsonBytes(use.name());
      total += use.env() == null ? 0 : jsonBytes(use.env());
    }
    return total;
  }

  private static void checkLocks(
      boolean exclusive, @Nullable RepositoryRef repository, List<LockWish> locks) {
    if (exclusive && repository == null) {
      throw new InvalidField("scheduling.exclusive", "needs a repository; use locks otherwise");
    }
    if (locks.size() > MOST_LOCKS) {
      throw new InvalidField("locks", "must be at most " + MOST_LOCKS);
    }
    var names = new HashSet<String>();
    for (int i = 0; i < locks.size(); i++) {
      if (!names.add(locks.get(i).name())) {
        throw new InvalidField("locks[" + i + "].name", "is asked for a second time");
      }
      if (locks.get(i).name().startsWith(REPOSITORY_LOCK)) {
        throw new InvalidField(
            "locks[" + i + "].name",
            "must not start with " + REPOSITORY_LOCK + "; ask for scheduling.exclusive instead");
      }
    }
  }

  private static void refuseWithHandler(String field, @Nullable Object value) {
    if (value != null) {
      throw new InvalidField(field, "is for commands; a handler runs inside the worker");
    }
  }

  private static long checkLabels(Map<String, String> labels) {
    requireAtMost("labels", MOST_LABELS, labels.size());
    long total = 0;
    for (var label : labels.entrySet()) {
      String field = "labels." + label.getKey();
      total += jsonBytes(Require.id(field, label.getKey()));
      total += jsonBytes(Require.line(field, label.getValue(), 200));
    }
    return total;
  }

  private static void requireAtMost(String field, int most, int found) {
    if (found > most) {
      throw new InvalidField(field, "must be at most " + most + ", not " + found);
    }
  }

  private static long checkText(String field, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new InvalidField(field, "must not contain a NUL character");
    }
    if (value.getBytes(UTF_8).length > MOST_ARGUMENT_BYTES) {
      throw new InvalidField(
          field, "must be at most " + MOST_ARGUMENT_BYTES + " bytes; pass large input in files");
    }
    return jsonBytes(value);
  }

  /** Bytes of the value as JSON, with its quotes and a separator; never too few. */
  private static long jsonBytes(String value) {
    return 3 + value.chars().mapToLong(JobSpec::jsonBytes).sum();
  }

  private static int jsonBytes(int character) {
    if (character < 0x20) {
      return 6;
    }
    if (character < 0x80) {
      return character == '"' || character == '\\' ? 2 : 1;
    }
    return character < 0x800 ? 2 : 3;
  }
}

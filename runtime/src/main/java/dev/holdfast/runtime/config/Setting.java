package dev.holdfast.runtime.config;

/** Every {@code HOLDFAST_*} key, with its default and what it means. An unknown key is an error. */
public enum Setting {
  CELL("HOLDFAST_CELL", "main", "name of the cell: the set of topics holdfast.<cell>.*"),
  BOOTSTRAP("HOLDFAST_BOOTSTRAP", "127.0.0.1:9092", "Kafka bootstrap servers, host:port,..."),
  REPLICATION(
      "HOLDFAST_REPLICATION",
      "0",
      "how many brokers hold a copy of each topic; 0 leaves it to the cluster's default"),
  DATA("HOLDFAST_DATA", ".holdfast/data", "directory for everything kept on disk"),
  HEARTBEAT("HOLDFAST_HEARTBEAT", "30s", "time between two heartbeats of a running job"),
  STALE_AFTER(
      "HOLDFAST_STALE_AFTER",
      "120s",
      "silence on the log's clock after which a job is given to another worker"),
  LOST_ATTEMPTS(
      "HOLDFAST_LOST_ATTEMPTS",
      "5",
      "how many attempts of a job may be lost; one more, and it is parked as FAILED"),
  WORKER("HOLDFAST_WORKER", "", "the worker's stable name; generated once if left out"),
  SLOTS("HOLDFAST_SLOTS", "4", "how many attempts a worker holds at once"),
  POOLS("HOLDFAST_POOLS", "default", "pools whose jobs a worker runs, separated by commas"),
  LABELS("HOLDFAST_LABELS", "", "labels of a worker that jobs may require: NAME=VALUE,..."),
  CPUS(
      "HOLDFAST_CPUS",
      "",
      "processors of a worker that jobs may request in all; the machine's if left out"),
  MEMORY(
      "HOLDFAST_MEMORY",
      "",
      "bytes of memory of a worker that jobs may request in all; the machine's if left out"),
  DRAIN("HOLDFAST_DRAIN", "30s", "how long a stopping worker waits for its running attempts"),
  STOP_GRACE(
      "HOLDFAST_STOP_GRACE", "10s", "time between asking a process tree to end and killing it"),
  CGROUPS(
      "HOLDFAST_CGROUPS",
      "auto",
      "where jobs get cgroups: auto, off, or a directory of a mounted cgroup hierarchy"),
  OUTPUT_LIMIT(
      "HOLDFAST_OUTPUT_LIMIT", "67108864", "bytes kept of each output stream of an attempt"),
  RESULT_LIMIT("HOLDFAST_RESULT_LIMIT", "268435456", "bytes kept of each result file of a job"),
  DOCKER(
      "HOLDFAST_DOCKER",
      "auto",
      "the container engine of a worker: auto (DOCKER_HOST, else /var/run/docker.sock), off, or"
          + " unix:///path"),
  DISK_RESERVE(
      "HOLDFAST_DISK_RESERVE",
      "",
      "bytes of a worker's disk that no job may use; 5 % of it, but at most 1 GiB, if left out"),
  SWEEP_EVERY(
      "HOLDFAST_SWEEP_EVERY", "5m", "how often a worker looks for files that belong to nobody"),
  IMAGES_UNUSED(
      "HOLDFAST_IMAGES_UNUSED",
      "7d",
      "how long an image that a worker pulled for jobs may be unused before it is removed; 0s for"
          + " ever"),
  SECRETS(
      "HOLDFAST_SECRETS",
      "",
      "a worker's directory of secrets, a file of mode 0600 for each; `secrets` in its data"
          + " directory if left out"),
  AGENT_FILES(
      "HOLDFAST_AGENT_FILES",
      "",
      "a worker's directory of bundles of agent files; `agent-files` in its data directory if left"
          + " out"),
  INDEX_WAIT(
      "HOLDFAST_INDEX_WAIT",
      "10m",
      "how long a job waits at most for its code index before it runs without"),
  CIDX("HOLDFAST_CIDX", "cidx", "the program that makes code indexes of kind cidx"),
  PREPARE_TIMEOUT(
      "HOLDFAST_PREPARE_TIMEOUT",
      "10m",
      "how long a job's repository, image and files may take to be there, tries again included,"
          + " unless the job says so itself"),
  SAVE_WORK_EVERY(
      "HOLDFAST_SAVE_WORK_EVERY",
      "10m",
      "how often a running job's changes are saved, if there are new ones; 0s for never"),
  SAVED_LIMIT(
      "HOLDFAST_SAVED_LIMIT",
      "2147483648",
      "bytes of work that no result holds which a worker keeps of overtaken attempts, in the"
          + " directory saved"),
  HTTP("HOLDFAST_HTTP", "127.0.0.1:8080", "address of the gateway's HTTP API"),
  DECISION_WAIT(
      "HOLDFAST_DECISION_WAIT",
      "2s",
      "how long an HTTP request waits for the coordinator to decide"),
  MANAGEMENT(
      "HOLDFAST_MANAGEMENT",
      "127.0.0.1:0",
      "address for health and metrics of roles other than the gateway; port 0 picks a free one"),
  STANDBYS("HOLDFAST_STANDBYS", "0", "standby replicas of the state of coordinator and monitor"),
  ROLE("HOLDFAST_ROLE", "", "set by the launcher on its child processes"),
  URL("HOLDFAST_URL", "http://127.0.0.1:8080", "the gateway that command line calls go to"),
  JAVA_HOME(
      "HOLDFAST_JAVA_HOME", "", "the JDK that the launcher uses; found by itself if left out"),
  JAVA_OPTS("HOLDFAST_JAVA_OPTS", "", "more options for the JVM that the launcher starts"),
  NO_BUILD("HOLDFAST_NO_BUILD", "", "the launcher builds nothing if set"),
  HOME("HOLDFAST_HOME", "", "set by the launcher: where Holdfast is installed"),
  CI_RUN("HOLDFAST_CI_RUN", "", "marks the processes of one run of the checks");

  private final String key;
  private final String otherwise;
  private final String explanation;

  Setting(String key, String otherwise, String explanation) {
    this.key = key;
    this.otherwise = otherwise;
    this.explanation = explanation;
  }

  /** Name in the environment. */
  public String key() {
    return key;
  }

  /** The default, as text; empty for none. */
  public String otherwise() {
    return otherwise;
  }

  public String explanation() {
    return explanation;
  }
}

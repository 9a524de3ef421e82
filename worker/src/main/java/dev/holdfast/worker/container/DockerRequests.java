package dev.holdfast.worker.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import dev.holdfast.schemas.job.ResourceLimits;
import dev.holdfast.worker.cgroup.Cgroups;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns plans into Docker's words. What is not asked for is not allowed. */
final class DockerRequests {
  /** Of the job; the shim is one more. */
  private static final int PIDS = 4096;

  /**
   * Where everything else has 1024: ten busy containers weigh as much as all jobs on the host do
   * together, and step back behind their worker.
   */
  private static final int CPU_SHARES = 20;

  private static final double NANOS = 1_000_000_000;

  /**
   * The shim's, never the job's: to take on the job's user, to end and freeze what runs as another
   * user, and to reach the control files, which the job's user cannot.
   */
  private static final Capability[] OF_THE_SHIM = {
    Capability.SETUID, Capability.SETGID, Capability.KILL, Capability.DAC_OVERRIDE
  };

  /** Nobody's: so that not even root without capabilities can look below it. */
  private static final String PRIVATE = "rw,nosuid,nodev,mode=0700,uid=65533,gid=65533,size=64k";

  private static final String TEMPORARY = "rw,exec,nosuid,nodev,mode=1777,size=1g";

  private DockerRequests() {}

  static CreateContainerCmd create(DockerClient client, ContainerPlan plan) {
    return client
        .createContainerCmd(plan.image())
        .withName(plan.name())
        .withLabels(plan.labels())
        .withEntrypoint(plan.entry())
        .withEnv(plan.env().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList())
        .withUser("0:0")
        .withWorkingDir("/")
        .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
        .withStopTimeout(1)
        .withHostConfig(host(plan));
  }

  private static HostConfig host(ContainerPlan plan) {
    String network = plan.spec().network();
    var host =
        HostConfig.newHostConfig()
            .withNetworkMode(network == null ? "bridge" : network)
            .withReadonlyRootfs(!Boolean.TRUE.equals(plan.spec().writableRoot()))
            .withCapDrop(Capability.ALL)
            .withCapAdd(OF_THE_SHIM)
            .withSecurityOpts(List.of("no-new-privileges"))
            .withIpcMode("private")
            .withRestartPolicy(RestartPolicy.noRestart())
            .withCpuShares(CPU_SHARES)
            // What a job prints goes into its run directory; the engine's log would be a second
            // one.
            .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
            .withTmpFs(Map.of("/tmp", TEMPORARY, Inside.PRIVATE, PRIVATE))
            .withMounts(plan.mounts().stream().map(DockerRequests::mount).toList());
    limit(host, plan.limits());
    return host;
  }

  private static void limit(HostConfig host, @Nullable ResourceLimits limits) {
    Integer pids = limits == null ? null : limits.pids();
    host.withPidsLimit((pids == null ? PIDS : pids) + 1L);
    Long asked = limits == null ? null : limits.memoryBytes();
    long memory = asked == null ? Cgroups.memoryForJobs() : asked;
    if (memory > 0) {
      host.withMemory(memory).withMemorySwap(memory);
    }
    Double cpus = limits == null ? null : limits.cpus();
    if (cpus != null) {
      host.withNanoCPUs((long) (cpus * NANOS));
    }
  }

  private static Mount mount(ContainerPlan.Mount mount) {
    return new Mount()
        .withType(MountType.BIND)
        .withSource(mount.here().toString())
        .withTarget(mount.inside())
        .withReadOnly(!mount.writable());
  }
}
